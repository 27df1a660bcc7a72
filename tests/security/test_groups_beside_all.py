"""What follows from several reports of one questionnaire, of all and of groups, taken together?

The attacker knows who is in which report, adds and subtracts all that were written, in every way in
which the rest is some people, each counted once, and wins where that rest is of few: people, or
those who gave an answer.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from random import Random

import pytest

from dialogs.studies.answering import Answer
from research.bounds import LEAST
from research.questionnaires import shown
from research.questionnaires.answers import AnsweredForm, form
from research.questionnaires.findings import investigate
from research.studies import StudyRefused
from tests.security.reckoning import STEPS
from tests.security.test_what_leaves import EARLIER, LATER, SUMMED, chosen, made
from tests.security.what_leaves import CountKey, read_tables

STUDIES = 40 if os.environ.get("TESTS_TORTURE") else 6
STEPS_TOLD = frozenset(str(step) for step in STEPS)
SIZES = ((12, 11, 3), (14, 13, 15), (60, 70, 65), (20, 4), (7, 22), (90, 80))


@dataclass(frozen=True)
class Written:
    """A report as whoever has it reads it."""

    who: frozenset[str]
    counts: Mapping[CountKey, int]
    totals: Mapping[str, int]
    """By item, how many answered it."""


def part_of(whole: AnsweredForm, names: Sequence[str]) -> AnsweredForm:
    return replace(whole, answers={name: whole.answers[name] for name in names})


def groups(sizes: Sequence[int], dice: Random) -> tuple[AnsweredForm, list[list[str]]]:
    rows = {
        f"p{n:03}": {"a": str(chosen(dice)), "b": str(dice.choice((1, 2, 3)))}
        for n in range(sum(sizes))
    }
    names = [*rows]
    return made(SUMMED, rows), [
        names[sum(sizes[:n]) : sum(sizes[: n + 1])] for n in range(len(sizes))
    ]


def reported(reports: Sequence[AnsweredForm], folder: Path, *, is_held: bool) -> list[Written]:
    """One after the other, as `analyse` does; those that are refused are not there."""
    found = list[Written]()
    for n, one in enumerate(reports):
        folder.mkdir(exist_ok=True)
        try:
            if is_held:
                place = shown.place_of(folder / "export", one)
                (one,), notes = shown.held([one], [place], f"report{n}")  # noqa: PLW2901 - what may be told takes its place
                shown.note(notes, f"report{n}")
        except StudyRefused:
            continue
        left = read_tables([one])
        totals = {row["item"]: int(row["answered"]) for row in left.tables["items"]}
        found.append(Written(frozenset(one.answers), left.counts, totals))
    return found


def won(reports: Sequence[Written]) -> tuple[int, int]:
    """How many rests are of few people, and how many counts of few are known that none told."""
    people, counts = set[frozenset[str]](), set[tuple[frozenset[str], CountKey]]()
    for signs in product((0, 1, -1), repeat=len(reports)):
        used = [(sign, one) for sign, one in zip(signs, reports, strict=True) if sign]
        if len(used) < 2:
            continue
        everybody = frozenset[str]().union(*(one.who for _, one in used))
        left = {name: sum(s for s, one in used if name in one.who) for name in everybody}
        if not {*left.values()} <= {0, 1}:
            continue
        rest = frozenset(name for name, times in left.items() if times)
        if 0 < len(rest) < LEAST:
            people.add(rest)
        counts |= {(rest, key) for key, left_of in remainder(used) if 0 < left_of < LEAST}
    return len(people), len(counts)


def remainder(used: Sequence[tuple[int, Written]]) -> Iterator[tuple[CountKey, int]]:
    """How many of the rest gave each answer that all tell of, and all other answers together."""
    for item in used[0][1].totals:
        keys = [key for key in used[0][1].counts
                if key[1:2] == (item,) and key[2] in STEPS_TOLD
                and all(key in one.counts for _, one in used)]  # fmt: skip
        told = {key: sum(sign * one.counts[key] for sign, one in used) for key in keys}
        yield from told.items()
        if told:
            whole = sum(sign * one.totals[item] for sign, one in used)
            yield ("summed", item, "others"), whole - sum(told.values())


def attack(folder: Path, *, is_held: bool) -> tuple[int, int, int]:
    """As `won`, and how many reports there were, with all first or last."""
    people = counts = there = 0
    for seed in range(STUDIES):
        whole, names = groups(SIZES[seed % len(SIZES)], Random(seed))
        own = [part_of(whole, each) for each in names]
        turns = [[whole, *own], [*own, whole], [whole, part_of(whole, names[0] + names[1])]]
        for n, reports in enumerate(turns):
            found = reported(reports, folder / f"{seed}-{n}", is_held=is_held)
            few, told = won(found)
            people, counts, there = people + few, counts + told, there + len(found)
    return people, counts, there


def test_no_few_are_told_by_subtracting_what_was_written(tmp_path: Path) -> None:
    people, counts, there = attack(tmp_path, is_held=True)

    assert (people, counts) == (0, 0)
    assert there > 4 * STUDIES, "most reports are still written"


def test_the_attacker_wins_where_nothing_is_held_against_it(tmp_path: Path) -> None:
    people, counts, _ = attack(tmp_path, is_held=False)

    assert people >= STUDIES // 2
    assert counts >= 3 * STUDIES


def test_all_less_several_groups_are_subtracted_together(tmp_path: Path) -> None:
    """No pair of these reports leaves few."""
    whole, (one, other, few) = groups((12, 11, 3), Random(1))
    reports = [whole, part_of(whole, one), part_of(whole, other)]

    assert len(few) == 3
    assert [len(w.who) for w in reported(reports, tmp_path, is_held=True)] == [26, 12]


def test_an_answer_that_few_others_gave_is_hidden_and_the_report_written(tmp_path: Path) -> None:
    """Of all 23 chose the first and of the group 20, so of the others three."""
    rows = {f"p{n}": {"a": "1" if n < 23 else "2", "b": "1" if n % 2 else "3"} for n in range(40)}
    whole = made(SUMMED, rows)
    group = part_of(whole, [f"p{n}" for n in (*range(20), *range(30, 36))])
    bare, told = (
        reported([whole, group], tmp_path / str(held), is_held=held)[1].counts
        for held in (False, True)
    )

    first = ("summed", "a", "1")
    assert bare[first] == 20
    assert first not in told
    assert ("summed", "b", "1") in told, "what tells of nobody stays"
    place = shown.place_of(tmp_path / "True" / "export", whole)
    (held,), _ = shown.held([group], [place], "again")
    hushed = [d.names for d in investigate([held]).doubts if d.code == "hushed"]
    assert hushed == ["a"], "and the report says which"


def test_the_same_report_once_more_is_the_same(tmp_path: Path) -> None:
    whole, _ = groups((14, 13), Random(2))
    first, second = reported([whole, whole], tmp_path, is_held=True)

    assert first == second


def test_more_reports_than_can_be_held_against_each_other_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, names = groups((20, 20, 20), Random(3))
    monkeypatch.setattr(shown, "MOST", 1)
    assert len(reported([part_of(whole, own) for own in names], tmp_path, is_held=True)) == 2


def test_who_answered_both_times_is_held_too(tmp_path: Path) -> None:
    """All answered each form again, and two of the pairs are lost."""
    rows = {f"p{n}": {"a": "1" if n % 2 else "3", "b": "1"} for n in range(30)}
    earlier = made(EARLIER, rows)
    later = [made(LATER, rows, {n: n for n in list(rows)[:paired]}) for paired in (30, 28)]
    place = tmp_path / "shown"
    _, notes = shown.held([earlier, later[0]], [place, place], "one")
    shown.note(notes, "one")

    with pytest.raises(StudyRefused, match="later pairs"):
        shown.held([earlier, later[1]], [place, place], "two")


def test_notes_hold_no_pseudonym_and_no_text(tmp_path: Path) -> None:
    given = {"bekk-bekk": Answer("1", {"a": "1", "b": "2"})}
    one = form(SUMMED, given, invited=20, withdrawn=(), left_out=())
    (file,) = shown.note(shown.held([one], [tmp_path / "shown"], "r")[1], "r")

    assert "bekk" not in file.read_text("utf-8")
    assert file.stat().st_mode & 0o77 == 0
    shown.forget([file])
    assert not file.parent.exists()


def test_a_note_that_cannot_be_read_refuses(tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text("{}", "utf-8")
    with pytest.raises(StudyRefused, match="cannot be read"):
        shown.noted(tmp_path)
