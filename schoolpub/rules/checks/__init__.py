"""Everything that is checked, in one place: a check is a generator, and adding one is naming it here.

`check_record` judges one record, `check_snapshot` all of them and what only all together show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from schoolpub.errors import Problem
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import flow
from schoolpub.rules.checks.catalogue import (
    department_is_known,
    edition_is_known,
    explanations_have_a_rule,
    file_is_in_its_place,
    item_is_known,
    record_fits_item,
)
from schoolpub.rules.checks.chain import actors_were_entitled, steps_follow_the_flow, text_is_the_approved_one
from schoolpub.rules.checks.documents import documents_agree, documents_keep_their_year
from schoolpub.rules.checks.head import common_keys_can_be_read, title_fits
from schoolpub.rules.checks.ledgers import (
    it_came_before_it_was_entered,
    receipts_are_given_once,
    steps_met_their_conditions,
)
from schoolpub.rules.checks.let_pass import let_pass
from schoolpub.rules.checks.notices import notice_is_long_enough
from schoolpub.rules.checks.privacy import personal_data
from schoolpub.rules.checks.references import references_lead_somewhere
from schoolpub.rules.checks.registers import (
    correction_changes_something,
    editions_follow_each_other,
    groups_are_disjoint,
    numbers_are_given_once,
    numbers_have_no_gaps,
    periods_have_one_record,
    series_have_users,
)
from schoolpub.rules.checks.texts import document_numbers_are_possible, no_model_text_is_left
from schoolpub.rules.checks.waivers import waiver_names_a_duty
from schoolpub.rules.judge import Known, judge

__all__ = ["CHECKS", "SNAPSHOT_CHECKS", "check_record", "check_snapshot", "is_open"]

CHECKS: tuple[Callable[[Record, Snapshot], Iterator[Problem]], ...] = (
    file_is_in_its_place,
    edition_is_known,
    item_is_known,
    record_fits_item,
    title_fits,
    common_keys_can_be_read,
    department_is_known,
    explanations_have_a_rule,
    steps_follow_the_flow,
    actors_were_entitled,
    steps_met_their_conditions,
    it_came_before_it_was_entered,
    text_is_the_approved_one,
    references_lead_somewhere,
    no_model_text_is_left,
    document_numbers_are_possible,
    documents_agree,
    waiver_names_a_duty,
    personal_data,
)
"""What is checked of each record."""

OF_THE_VOID: tuple[Callable[[Record, Snapshot], Iterator[Problem]], ...] = (
    file_is_in_its_place,
    edition_is_known,
    item_is_known,
    steps_follow_the_flow,
    actors_were_entitled,
    personal_data,
)
"""What is still checked of a record that was given up."""

SNAPSHOT_CHECKS: tuple[Callable[[Snapshot], Iterator[Problem]], ...] = (
    numbers_are_given_once,
    numbers_have_no_gaps,
    periods_have_one_record,
    receipts_are_given_once,
    editions_follow_each_other,
    groups_are_disjoint,
    series_have_users,
)
"""What only all records together show."""


def check_record(
    record: Record, snapshot: Snapshot, today: date, *, outside: bool | None = None, known: Known | None = None
) -> list[Problem]:
    """Return every problem of *record*, judged on *today*.

    *outside* tells whether it is held against other records, too; without it, as long as it is open (not signed off).
    *known* saves reading those records again.
    """
    own = snapshot.flow(record)
    if own is not None and flow.replay(record, own).status == "void":
        of_void = (problem for check in OF_THE_VOID for problem in check(record, snapshot))
        return list(let_pass(of_void, snapshot.school, today))
    every = (problem for check in CHECKS for problem in check(record, snapshot))
    found = list(let_pass(every, snapshot.school, today))
    found += notice_is_long_enough(record, snapshot, today)
    item = snapshot.item(record)
    if item is None:
        return found
    known = known or Known(snapshot)
    outside = is_open(record, snapshot) if outside is None else outside
    reading = known.reading(record, item)
    found += reading.problems
    found += judge(record, item, reading, snapshot, outside=outside, known=known)
    if outside:
        found += documents_keep_their_year(record, item, known)
        found += correction_changes_something(record, snapshot)
    return found


def check_snapshot(snapshot: Snapshot, today: date) -> list[Problem]:
    """Return everything that `schoolpub check` shows."""
    known = Known(snapshot)
    found = list(snapshot.problems)
    for record in snapshot.records.values():
        found += check_record(record, snapshot, today, known=known)
    for check in SNAPSHOT_CHECKS:
        found += check(snapshot)
    return found


def is_open(record: Record, snapshot: Snapshot) -> bool:
    """Return whether *record* is still to be judged against others: it was not signed off since its text was opened."""
    own = snapshot.flow(record)
    if own is None:
        return True
    played = flow.replay(record, own)
    if any(line.signs_off and not line.emergency for line in own.steps):
        return played.sign_off is None and played.status not in (*flow.POSTED_STATUSES, "void")
    return played.status in (flow.NONE, "draft", "returned", "submitted")
