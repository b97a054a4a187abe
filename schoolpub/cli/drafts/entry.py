"""The clerk's path: asks for what is missing, one answer at a time, and never loses what was typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from schoolpub.cli import console
from schoolpub.cli.drafts import drafting, questions
from schoolpub.cli.session import Session
from schoolpub.errors import ProblemsFound, SchoolpubError, say
from schoolpub.model.record import Record
from schoolpub.store.files import unfinished

Saved = TypeVar("Saved")


def ask(
    session: Session,
    draft: drafting.Draft,
    like: Record | None,
    save: Callable[[Session, drafting.Draft], Saved],
    *,
    short: bool = False,
) -> Saved:
    """Fill *draft* by asking and *save* it; what was typed is kept from the first answer until it is saved.

    A *short* entry asks for its fields alone, one after the other, not for its day and its title.
    An entry that was interrupted is offered the next time; one with mistakes is gone through again.
    """
    kept = _Kept(session.root, _offer_unfinished(session, draft))
    titled = draft.head.get("title")
    keys = {"help": questions.HELP, "back": questions.BACK}
    console.note(say("Enter takes the proposal, {help} explains, {back} goes back, Ctrl-C keeps it for later.", **keys))
    try:
        _ask_all(session, draft, [] if short else [questions.about_time(draft, session)], kept)
        drafting.complete(session, draft, like)
        if not titled:
            draft.head.pop("title", None)  # proposed last, made of the answers
        while True:
            _ask_all(session, draft, _questions(session, draft, short), kept)
            try:
                done = save(session, draft)
            except ProblemsFound as stop:
                console.refusal(stop)
                if not console.yes(say("Go through the answers again?")):
                    raise KeyboardInterrupt from None
                continue
            kept.forget()
            return done
    except (KeyboardInterrupt, EOFError):
        kept.tell(draft)
        raise KeyboardInterrupt from None
    except SchoolpubError:
        kept.tell(draft)
        raise


class _Kept:
    """The entry as it is kept on disk while it is being typed."""

    def __init__(self, root: Path, key: str) -> None:
        self._root = root
        self._key = key
        self._answered = bool(key)

    def answered(self, draft: drafting.Draft) -> None:
        """Keep *draft* after an answer: a closed window must not cost what was typed."""
        self._answered = True
        self._save(draft)

    def tell(self, draft: drafting.Draft) -> None:
        """Keep *draft* if anything was typed, and say so."""
        if self._answered or draft.texts:
            self._save(draft)
            console.note("")
            console.note(say("Kept what you typed; `schoolpub add {item}` offers it next time.", item=draft.item.slug))

    def _save(self, draft: drafting.Draft) -> None:
        key = unfinished.key(draft.item.slug, draft.period or draft.date)
        if self._key and self._key != key:
            unfinished.remove(self._root, self._key)
        self._key = key
        unfinished.save(self._root, key, {**draft.head, "fields": draft.fields, "texts": {**draft.texts}})

    def forget(self) -> None:
        """Forget the entry: it was saved."""
        if self._key:
            unfinished.remove(self._root, self._key)


def _offer_unfinished(session: Session, draft: drafting.Draft) -> str:
    """Take over an entry that was interrupted, if the user wants to; return its key, or nothing."""
    about = draft.period or draft.date
    for key in unfinished.keys(session.root):
        if not key.startswith(f"{draft.item.slug}-") or not _is_of(key, draft.item.slug):
            continue
        if about is not None and key != unfinished.key(draft.item.slug, about):
            continue
        if console.yes(say("An interrupted entry was kept ({key}). Go on with it?", key=key)):
            try:
                saved = unfinished.load(session.root, key)
            except SchoolpubError as stop:
                console.refusal(stop)
                continue
            fields, texts = saved.pop("fields", None), saved.pop("texts", None)
            draft.head |= {k: v for k, v in saved.items() if k not in draft.head}
            draft.fields |= fields if isinstance(fields, dict) else {}
            draft.texts |= {k: str(v) for k, v in texts.items()} if isinstance(texts, dict) else {}
            return key
    return ""


def _is_of(key: str, slug: str) -> bool:
    """Return whether *key* is of the item *slug* itself, not of one whose slug begins like it."""
    rest = key.removeprefix(f"{slug}-")
    return rest == "undated" or rest[:1].isdigit()


def _questions(session: Session, draft: drafting.Draft, short: bool) -> list[questions.Question]:
    every = list(draft.item.fields.values())
    required = [field for field in every if not field.optional]
    more = len(every) - len(required)
    if not short and more and not console.yes(
        say("There are {count} optional fields. Fill them in too?", count=more), default=False
    ):  # fmt: skip
        every = required
    return [
        *(questions.about_field(field, draft, session) for field in every),
        *([] if short else [questions.about_title(draft, session)]),
    ]


def _ask_all(session: Session, draft: drafting.Draft, asked: list[questions.Question], kept: _Kept) -> None:
    at = 0
    while at < len(asked):
        question = asked[at]
        answered = questions.ask(session, draft, question, f"({at + 1}/{len(asked)})")
        at = at + 1 if answered else max(0, at - 1)
        if answered:
            draft.options.add(question.key)
            kept.answered(draft)
