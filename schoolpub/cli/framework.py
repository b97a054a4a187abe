"""Typer, with our manners: commands are loaded when they are called, every word is translated, errors are one line.

Importing a command's module costs more than running many of them, so the table below knows the name and the summary of
each, and `--help` imports none.
"""

from __future__ import annotations

import errno
import importlib
import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from schoolpub.cli import masking
from schoolpub.cli.language import _
from schoolpub.errors import SchoolpubError, say, system_cure, system_words
from schoolpub.store.git.git_folder import last_commit

Function = TypeVar("Function", bound=Callable[..., Any])

COMMANDS: dict[str, tuple[str, str]] = {
    # name: (module below schoolpub.cli.commands, summary)
    # a name of two words is a command within a group; the group itself is what its module registers by the group's name
    "init": ("start.init", "Make a school's folder: asks for the school, its boards, and who holds which post"),
    "demo": ("start.demo", "Make a fictional school with a year of history"),
    "sheet": ("drafts.sheet", "Make a spreadsheet to be filled in for an item"),
    "add": ("drafts.add", "Draft a record"),
    "edit": ("drafts.edit", "Change a draft"),
    "attach": ("drafts.edit", "Add a file to a draft"),
    "check": ("drafts.check", "Show every problem in the records"),
    "inspect": ("chain.privacy", "Confirm attachments that the program cannot read"),
    "submit": ("chain.steps", "Send a draft into the approval chain"),
    "approve": ("chain.steps", "Take the next approval that your role may take"),
    "return": ("chain.steps", "Send a record back to its drafter"),
    "post": ("chain.steps", "Post what was signed off"),
    "prove": ("chain.steps", "Record the proof that it hangs or is online"),
    "takedown": ("chain.steps", "Record that it was taken down"),
    "suspend": ("chain.steps", "Stop showing a posted record at once"),
    "resume": ("chain.steps", "Show a suspended record again"),
    "withdraw": ("chain.steps", "End the disclosure of a suspended record"),
    "correct": ("drafts.edit", "Open a new edition of something posted"),
    "undo": ("chain.steps", "Take back your own last step"),
    "remark": ("chain.steps", "Add a remark to a record"),
    "discard": ("chain.steps", "Give up a draft"),
    "renumber": ("chain.steps", "Give a record a new official number"),
    "do": ("chain.steps", "Take any step of a record's flow"),
    "rectify": ("ledgers.rectify_lists", "Put right and improve: what is being put right, and every step of it"),
    "rectify add": ("ledgers.rectify", "Open a rectification: from a feedback, a hearing, an inspection"),
    "rectify plan": ("ledgers.rectifying", "Decide on the measures"),
    "rectify progress": ("ledgers.rectifying", "Note what was done so far"),
    "rectify extend": ("ledgers.rectifying", "Put the due date off, for a reason"),
    "rectify present": ("ledgers.rectifying", "Report that it is done, to be accepted"),
    "rectify accept": ("ledgers.rectifying", "Accept what was done; by somebody else"),
    "rectify refuse": ("ledgers.rectifying", "Not accept it: back to work, with the reason"),
    "rectify publish": ("ledgers.rectify", "Draft the disclosure of its result"),
    "rectify republish": ("ledgers.rectifying", "Note that the result is published"),
    "rectify track": ("ledgers.rectifying", "Note the effect"),
    "rectify close": ("ledgers.rectifying", "Close it: published, and opinions collected again"),
    "rectify reopen": ("ledgers.rectifying", "Begin again, with a new due date"),
    "rectify list": ("ledgers.rectify_lists", "List rectifications and improvements"),
    "rectify ledger": ("ledgers.rectify_lists", "The 整改台账 or 改进台账: on the screen, as PDF, Excel or CSV"),
    "privacy": ("chain.privacy", "Personal data: what waits for a look, and what happened"),
    "privacy incident": ("chain.privacy", "Personal data got in: stop it, note it, tell what is left to do"),
    "list": ("look.lists", "List records"),
    "show": ("look.lists", "Show a record"),
    "find": ("look.lists", "Find records by words"),
    "export": ("look.export", "Write records or lists as a spreadsheet"),
    "log": ("look.lists", "The audit trail in plain words"),
    "items": ("look.lists", "The catalogue, or one item explained"),
    "due": ("clock.due", "What is owed, and when: late, due, waiting, to be proven, to be taken down"),
    "days": ("clock.dates", "Count out a date, day by day"),
    "coverage": ("clock.coverage", "Item by period: what was disclosed, what is missing"),
    "plan": ("clock.plan", "The work plan: today's phase, what is done and what is overdue"),
    "calendar": ("clock.calendar", "The calendar: which years and terms are entered"),
    "calendar add": ("clock.calendar", "Add a year's holidays, after showing which dates move"),
    "people": ("policy.people", "Who holds which post, from when until when"),
    "people add": ("policy.people", "Enter a person"),
    "people appoint": ("policy.people", "Give somebody a post or a seat"),
    "people delegate": ("policy.people", "Let somebody act in another's post between two dates"),
    "people end": ("policy.people", "End a post or a seat"),
    "handover": ("policy.handover", "Hand all posts over from one person to another, with the list for both to sign"),
    "key": ("policy.key", "Who signs with which key, from when until when"),
    "key new": ("policy.key", "Make a key on this machine and register it"),
    "key add": ("policy.key", "Register a key that exists"),
    "key retire": ("policy.key", "End a key: lost, stolen, or no longer needed"),
    "adopt": ("policy.adopt", "Commit policy edited by hand, after showing which dates move"),
    "verify": ("safekeeping.verify", "Prove the whole history: who did it, and nothing changed since"),
    "feedback": ("ledgers.ledger", "What people said: every matter with its state, its deadline, and what comes next"),
    "feedback list": ("ledgers.ledger", "The ledgers: receipt, state, deadline, topic, department"),
    "feedback show": ("ledgers.ledger", "A matter with everything said about it"),
    "feedback add": ("ledgers.feedback", "Register what somebody said, by whatever way it came"),
    "feedback import": ("ledgers.intake", "Register every row of a questionnaire's or a mailbox's table"),
    "feedback assign": ("ledgers.answering", "Give a matter to the department that answers it"),
    "feedback clarify": ("ledgers.answering", "Ask the writer for more; the clock stops"),
    "feedback clarified": ("ledgers.answering", "Record what the writer added; the clock runs on"),
    "feedback extend": ("ledgers.answering", "Extend the time for the answer, once"),
    "feedback reply": ("ledgers.answering", "Answer"),
    "feedback transfer": ("ledgers.answering", "Hand a matter over outside the school"),
    "feedback merge": ("ledgers.answering", "Deal with a matter together with another one"),
    "feedback decline": ("ledgers.answering", "Do not accept a matter, with the ground"),
    "feedback rectify": ("ledgers.answering", "Have a matter put right"),
    "feedback recheck": ("ledgers.answering", "Record that it was put right"),
    "feedback republish": ("ledgers.answering", "Name the disclosure that tells the result"),
    "feedback rate": ("ledgers.answering", "Record how the writer rates the answer"),
    "feedback review": ("ledgers.answering", "Record the supervision group's opinion"),
    "feedback close": ("ledgers.answering", "Close a matter"),
    "feedback erase": ("ledgers.answering", "Remove name and contact for good"),
    "mailbox": ("ledgers.mailbox", "The principal's mailbox: on which days it was opened, and on which not"),
    "mailbox check": ("ledgers.mailbox", "Enter that the mailbox was opened, and how many letters were in it"),
    "build": ("publication.build", "Write the public and the internal site"),
    "serve": ("publication.build", "Preview the site and rebuild on change"),
    "doctor": ("safekeeping.doctor", "Look whether this machine is ready; each line with its cure"),
    "sync": ("safekeeping.sync", "Take over what the other offices did, and hand on what was done here"),
    "archive": ("safekeeping.archive", "Write a year's archive package, check one, or draw up an inspector's folder"),
    "archive verify": ("safekeeping.archive", "Check an archive package, and the records against it"),
    "guard": ("safekeeping.guard", "Guard the school's repository: nothing is rewritten, deleted or slipped in"),
    "guard install": ("safekeeping.guard", "Put the hook into the bare repository on the server, or into this folder"),
    "guard receive": ("safekeeping.guard", "Look at what somebody hands in (git calls this)"),
    "guard staged": ("safekeeping.guard", "Look at what is about to be committed by hand (git calls this)"),
    "backup": ("safekeeping.backup", "Bring the second copy on a stick or a share up to date"),
    "print": ("publication.print", "Print a notice, a poster or the registration form as PDF"),
}

_FRAMEWORK_WORDS = (
    (re.compile(r"Missing argument '(.+?)'\.(?s:.*)"), "Missing argument {0}."),
    (re.compile(r"Missing option '(.+?)'\.(?s:.*)"), "Missing option {0}."),
    (re.compile(r"Missing command\."), "Missing command."),
    (re.compile(r"No such command '(.+?)'\. Did you mean (.+)\?"), "No such command “{0}”. Did you mean {1}?"),
    (re.compile(r"No such command '(.+?)'\."), "No such command “{0}”."),
    (re.compile(r"No such option: (\S+) \(Possible options: (.+)\)"), "No such option: {0} (possible: {1})"),
    (re.compile(r"No such option: (\S+)(?s:.*)"), "No such option: {0}"),
    (re.compile(r"Option '(.+?)' requires (?:an argument|\d+ arguments)\."), "Option {0} needs a value."),
    (re.compile(r"Option '(.+?)' does not take a value\."), "Option {0} takes no value."),
    (re.compile(r"Got unexpected extra argument\(s\) \((.+)\)"), "Unexpected extra arguments: {0}"),
    (re.compile(r"Got unexpected extra arguments? \((.+)\)"), "Unexpected extra arguments: {0}"),
    (re.compile(r"Invalid value for '?(.+?)'?: (.+)", re.DOTALL), "Invalid value for {0}: {1}"),
    (re.compile(r"Invalid value: (.+)", re.DOTALL), "Invalid value: {0}"),
    (re.compile(r"Input should be a valid integer(?s:.*)"), "this must be a whole number"),
    (re.compile(r"'(.*)' is not one of (.+)\."), "“{0}” is not one of {1}."),
    (re.compile(r"'(.*)' is not a valid (?:int|integer)\."), "“{0}” is not a whole number."),
    (re.compile(r"File '(.*)' does not exist\."), "File “{0}” does not exist."),
    (re.compile(r"Path '(.*)' does not exist\."), "Path “{0}” does not exist."),
    (re.compile(r"Directory '(.*)' does not exist\."), "Folder “{0}” does not exist."),
    (re.compile(r"File '(.*)' is a directory\."), "“{0}” is a folder, not a file."),
    (re.compile(r"(?:File|Path|Directory) '(.*)' is a file\."), "“{0}” is a file, not a folder."),
    (re.compile(r"(?:File|Path|Directory) '(.*)' is not readable\."), "“{0}” cannot be read."),
)
"""What the framework says in English → our template, which is translated."""


def framework_words(english: str) -> str:
    """Return a message of the framework in the user's language."""
    for pattern, template in _FRAMEWORK_WORDS:
        if match := pattern.fullmatch(english):
            return _(template).format(*(framework_words(part).replace("'", "") for part in match.groups()))
    return english


acted_on: list[tuple[Path, str]] = []
"""Folders in which this run began to act, each with its last commit before."""


_UsageError: type[Exception] = typer.BadParameter.__mro__[1]
"""Every mistake in a command line; Typer exports only this child of it."""


_PLAIN: dict[Any, Callable[[Any], Any]] = {
    str: str,
    bool: bool,
    Path: Path,
    list[str]: list,
    list[Path]: lambda values: [Path(value) for value in values],
}


def _in_words(option: Any) -> Any:
    """Return the option `--help`, where there is one, with its words translated."""
    if option is not None:
        option.help = _("Show this message and exit.")
    return option


def _without_adapter(parameter: Any) -> None:
    """Let a parameter of plain text be text.

    Typer validates every parameter with pydantic, whose import takes longer than most commands run.
    """
    described = getattr(parameter, "type_descriptor", None)
    make = _PLAIN.get(getattr(described, "annotation", None))
    if make is not None and hasattr(parameter, "_runtime_param"):
        parameter._runtime_param = _Plain(make)


@dataclass(frozen=True, slots=True)
class _Plain:
    make: Callable[[Any], Any]

    def coerce(self, value: Any, **_context: Any) -> Any:
        """Return what the command's function takes."""
        return value if value is None else self.make(value)


def _no_type(ctx: Any) -> str:  # noqa: ARG001
    """Return what stands behind a parameter's name as its type: nothing."""
    return ""


def _in_plain_words(parameter: Any) -> None:
    """Put a parameter's help into the user's language; its type (`<list[str]>`) would tell a clerk nothing."""
    if parameter.param_type_name == "argument":
        parameter.display_type_rich = _no_type
    if help_text := getattr(parameter, "help", None):
        parameter.help = _(help_text)


class Command(TyperCommand):
    """A command whose help is in the user's language and keeps its lines."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the usage line."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=_("Usage: "))

    def format_help_text(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Write the description, line by line as it stands: Chinese has no spaces to wrap at."""
        formatter.write_paragraph()
        for line in _(self.help or "").splitlines():
            formatter.write(f"  {line}\n" if line else "\n")

    def get_help_option(self, ctx: Any) -> Any:
        """Return `--help` with its words translated."""
        return _in_words(super().get_help_option(ctx))

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """Read the command line."""
        for parameter in self.get_params(ctx):
            _without_adapter(parameter)
        return super().parse_args(ctx, args)


class Group(TyperGroup):
    """The command `schoolpub`, or a group within it: loads a command's module when it is called."""

    format_usage = Command.format_usage
    format_help_text = Command.format_help_text
    within = ""
    """The group's own name; empty for `schoolpub` itself."""

    @property
    def table(self) -> dict[str, tuple[str, str]]:
        """The commands of this group, in the order of the work."""
        before = f"{self.within} " if self.within else ""
        inside = {name[len(before) :]: row for name, row in COMMANDS.items() if name.startswith(before)}
        return {name: row for name, row in inside.items() if " " not in name}

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """Return the commands in the order of the work."""
        return list(self.table)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """Return the command called *cmd_name*, importing its module; what has commands of its own is a group."""
        if cmd_name == "" and self.within:
            return _load(self.within)
        name = f"{self.within} {cmd_name}".strip()
        if name not in COMMANDS:
            return None
        if any(other.startswith(f"{name} ") for other in COMMANDS):
            group = Group(name=cmd_name, help=COMMANDS[name][1], rich_markup_mode=None)
            group.within = name
            return group
        return _load(name)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Write the table of commands without importing them."""
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(summary)) for name, (_module, summary) in self.table.items()])

    def get_help_option(self, ctx: Any) -> Any:
        """Return `--help` with its words translated."""
        return _in_words(super().get_help_option(ctx))

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """Read what stands before the command; a group that is called alone shows what it holds."""
        if self.within and args[:1] != ["--help"] and (not args or args[0].startswith("-") or args[0].isdigit()):
            args = ["", *args]
        for parameter in self.get_params(ctx):
            _in_plain_words(parameter)
            _without_adapter(parameter)
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command; an unknown one is answered with the nearest names."""
        self.commands = dict.fromkeys(self.table)  # type: ignore[assignment]  # only the names are read, to suggest one
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; what stops it is told on stderr and gives the exit code."""
        if self.within:
            return super().invoke(ctx)
        try:
            return super().invoke(ctx)
        except SchoolpubError as stop:
            from schoolpub.cli import console

            console.refusal(stop)
            raise typer.Exit(stop.exit_code) from None
        except OSError as failed:
            if failed.errno in (None, errno.EPIPE):  # whoever read our output has gone
                raise
            from schoolpub.cli import console

            console.refusal(unreachable(failed))
            raise typer.Exit(SchoolpubError.exit_code) from None

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the whole command line; mistakes in it are told in the user's language, exit 2."""
        acted_on.clear()
        told = kwargs.get("standalone_mode", True)
        kwargs["standalone_mode"] = False
        if not told:
            return super().main(*args, **kwargs)
        try:
            code = super().main(*args, **kwargs)
        except (typer.Abort, KeyboardInterrupt, EOFError):
            recorded = any(last_commit(root) != head for root, head in acted_on)
            print(
                _("Stopped. What was done before is recorded: `schoolpub log`.") if recorded
                else _("Stopped. Nothing was changed."), file=sys.stderr,
            )  # fmt: skip
            code = 130
        except _UsageError as mistake:
            _show_usage_error(mistake)
            code = 2
        sys.exit(code if isinstance(code, int) else 0)


def _load(name: str) -> Any:
    """Return the command *name* (`add`, `calendar add`) from its module, its words in the user's language."""
    module = importlib.import_module(f"schoolpub.cli.commands.{COMMANDS[name][0]}")
    registered = {info.name or info.callback.__name__: info for info in module.app.registered_commands}
    info = registered[name.rpartition(" ")[2]]
    command = typer.main.get_command_from_info(info, pretty_exceptions_short=False, rich_markup_mode=None)
    for parameter in command.params:
        _in_plain_words(parameter)
    return command


def _show_usage_error(mistake: Any) -> None:
    if mistake.ctx is not None:
        print(mistake.ctx.get_usage(), file=sys.stderr)
        print(_("`{command} --help` explains it.").format(command=mistake.ctx.command_path), file=sys.stderr)
    message = _("Error: {message}").format(message=framework_words(mistake.format_message()))
    print(masking.text(message), file=sys.stderr)


def unreachable(failed: OSError) -> SchoolpubError:
    """Return the refusal that tells why the system could not do something with a file."""
    file = failed.filename2 or failed.filename
    why = system_words(failed)
    return SchoolpubError(
        say("{file}: {why}.", file=os.fsdecode(file), why=why) if file else say("The system refused: {why}.", why=why),
        fix=system_cure(failed),
    )


class App(typer.Typer):
    """A Typer whose commands have our manners."""

    def command(self, name: str | None = None, **settings: Any) -> Callable[[Function], Function]:
        """Register a command."""
        return super().command(name, cls=Command, **settings)


def new_app() -> App:
    """Return an empty Typer for a module of commands."""
    return App(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)
