"""Judgements that a flow may ask for by name (`check:` of a step), made when the step is taken.

Each returns the refusal with the way out, or None.  They are asked by `rules.acts.take`, so that every command that
takes the step meets them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from schoolpub.errors import StepRefused
from schoolpub.rules.ledgers import accounting, answering, righting
from schoolpub.rules.ledgers.moment import Moment

CONDITIONS: Mapping[str, Callable[[Moment], StepRefused | None]] = {
    "known-department": answering.known_department,
    "extended-once": answering.extended_once,
    "decision": answering.decision,
    "known-answer": answering.known_answer,
    "rating": answering.rating,
    "one-more-round": answering.one_more_round,
    "dissatisfied": answering.dissatisfied,
    "merged-elsewhere": answering.merged_elsewhere,
    "known-rectification": answering.known_rectification,
    "rechecked": answering.rechecked,
    "result-posted": answering.result_posted,
    "answered": answering.answered,
    "rectified": answering.rectified,
    "satisfied": answering.satisfied,
    "measures-known": righting.measures_known,
    "later-date": righting.later_date,
    "result-told": righting.result_told,
    "put-right": righting.put_right,
    "known-measure": accounting.known_measure,
    "notice-posted": accounting.notice_posted,
    "in-time-to-appeal": accounting.in_time_to_appeal,
    "appeal-answered": accounting.appeal_answered,
    "was-revoked": accounting.was_revoked,
    "corrected": accounting.corrected,
    "case-settled": accounting.case_settled,
}
"""Name in `flows.yaml` → the judgement."""

TELLING = frozenset({"put-right"})
"""Those that also tell, before the step can be taken at all, what is still missing."""

OF_THE_RECORD = frozenset({
    "extended-once", "one-more-round", "dissatisfied", "rechecked", "answered", "rectified", "satisfied", "put-right",
    "was-revoked", "case-settled",
})  # fmt: skip
"""Judgements that do not depend on what the step will say."""


def may_hold(names: tuple[str, ...], moment: Moment) -> bool:
    """Return whether the judgements of *names* that can be made beforehand hold."""
    return all(CONDITIONS[name](moment) is None for name in names if name in OF_THE_RECORD)


_ITS_OWN = frozenset(
    ["extended-once", "decision", "rating", "one-more-round", "dissatisfied", "answered", "satisfied"]
)
"""Judgements that look at nothing but the record."""


def refusal_of_its_own(names: tuple[str, ...], moment: Moment) -> StepRefused | None:
    """Return the first refusal among *names* that the record alone gives: it can be judged again at any time."""
    return next((stop for name in names if name in _ITS_OWN and (stop := CONDITIONS[name](moment))), None)


def judge(names: tuple[str, ...], moment: Moment) -> None:
    """Raise the refusal of the first judgement of *names* that does not hold."""
    for name in names:
        refusal = CONDITIONS[name](moment)
        if refusal is not None:
            raise refusal
