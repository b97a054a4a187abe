"""How much the look-out for personal data finds, and how often it stops what is innocent.

Run it with `python -m benchmarks.privacy`.

*Found* means found at any level; a false alarm is an innocent text that is stopped, a doubt one that is only shown with
a warning.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from benchmarks.notices import notices
from benchmarks.personal_texts import DECLARED, INNOCENT, Case, corpus
from schoolpub.errors import Level
from schoolpub.rules.privacy import scan, tables_in


@dataclass(frozen=True, slots=True)
class Score:
    """What came out for one kind."""

    texts: int
    found: int
    stopped: int


def score(cases: Iterator[Case]) -> tuple[dict[str, Score], dict[str, list[str]]]:
    """Return the score of every kind, and the texts that came out wrong."""
    texts, found, stopped = Counter[str](), Counter[str](), Counter[str]()
    wrong: dict[str, list[str]] = {}
    for case in cases:
        findings = scan(case.text, DECLARED)
        heads = any(tables_in(case.text))
        stops = heads or any(finding.level is Level.ERROR for finding in findings)
        texts[case.kind] += 1
        found[case.kind] += heads or bool(findings)
        stopped[case.kind] += stops
        if stops != case.guilty and not (case.guilty and findings):
            wrong.setdefault(case.kind, []).append(case.text)
    return {kind: Score(texts[kind], found[kind], stopped[kind]) for kind in texts}, wrong


def seconds_for(size: int = 1_000_000) -> float:
    """Return how long a text of so many bytes takes, one line in four of which has numbers."""
    chance = random.Random(1)
    makers, prose = list(INNOCENT.values()), INNOCENT["prose"]
    text = ""
    while len(text.encode()) < size:
        text += (
            "\n".join(chance.choice((prose, prose, prose, chance.choice(makers)))(chance) for _ in range(2000)) + "\n"
        )
    begun = time.process_time()
    scan(text.encode()[:size].decode(errors="ignore"), DECLARED)
    return time.process_time() - begun


def main() -> int:
    """Print both rates for every kind and altogether; exit 1 when they are worse than promised."""
    parser = argparse.ArgumentParser(description="recall and false alarms of the look-out for personal data")
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--each", type=int, default=400)
    parser.add_argument("--show", type=int, default=0, help="texts that came out wrong, of each kind")
    given = parser.parse_args()
    kinds = {True: set[str](), False: set[str]()}

    def cases() -> Iterator[Case]:
        for case in chain(corpus(given.seed, given.each), notices(given.seed)):
            kinds[case.guilty].add(case.kind)
            yield case

    scores, wrong = score(cases())
    for kind, one in scores.items():
        guilty = kind in kinds[True]
        told = f"found {one.found / one.texts:8.3%}  stopped {one.stopped / one.texts:8.3%}"
        print(f"{'must be found' if guilty else 'must pass    '}  {kind:34} {one.texts:6}  {told}")
        for text in wrong.get(kind, ())[: given.show]:
            print(f"      {text!r}")
    bad = [scores[kind] for kind in kinds[True]]
    good = [scores[kind] for kind in kinds[False]]
    recall = sum(one.found for one in bad) / sum(one.texts for one in bad)
    alarms = sum(one.stopped for one in good) / sum(one.texts for one in good)
    doubts = sum(one.found - one.stopped for one in good) / sum(one.texts for one in good)
    print(f"recall {recall:.3%}, false alarms {alarms:.3%}, doubts {doubts:.3%}")
    print(f"a text of 1 MB, one line in four with numbers: {seconds_for():.2f} s")
    return 0 if recall >= 0.99 and alarms <= 0.001 else 1


if __name__ == "__main__":
    sys.exit(main())
