"""What people mean: labelled sentences, and the rules that no sentence may break."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.writing import examples, understanding
from dialogs.writing.commands import COMMANDS
from dialogs.writing.normalising import normalise
from dialogs.writing.understanding import (
    Asked,
    Doing,
    Meaning,
    Perhaps,
    Thanked,
    Unclear,
    distance,
    named_in,
    understand,
)

HELD_OUT = Path(__file__).with_name("held_out.csv")
"""Sentences that were written last, and from which nothing was learned."""
BY_OTHERS = Path(__file__).with_name("held_out_by_others.csv")
"""The same, by somebody who knew neither the other sentences nor what was learned."""
CHANGES = {"start", "next", "back", "pause", "resume", "end", "put_off", "plan", "invite", "close"}


def meant(text: str, *, is_personal: bool) -> Meaning:
    return understand(normalise(text), is_personal=is_personal)


def names(meaning: Meaning) -> set[str]:
    match meaning:
        case Doing(command):
            return {command.name}
        case Perhaps(commands):
            return {command.name for command in commands}
        case Asked(topic):
            return {topic}
        case Thanked():
            return {"thanks"}
    return {examples.NOBODYS}


def rows(path: Path) -> Iterator[tuple[bool, set[str], str]]:
    """The place, the meanings that are right, and the sentence."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            for place in ("alone", "together") if row["place"] == "both" else (row["place"],):
                yield place == "alone", set(row["meaning"].split("|")), row["sentence"]


EXAMPLES = Path(examples.__file__).with_name("examples.csv")
SENTENCES = [*rows(EXAMPLES), *rows(HELD_OUT)]


def test_there_are_enough_sentences_and_a_third_is_nobodys() -> None:
    nobodys = sum(right == {examples.NOBODYS} for _, right, _ in rows(HELD_OUT))
    held_out = len([*rows(HELD_OUT)])

    assert len({sentence for _, _, sentence in SENTENCES}) >= 300
    assert held_out >= 100
    assert nobodys >= held_out / 3
    learned = {said for _, _, said in rows(EXAMPLES)}
    for path in (HELD_OUT, BY_OTHERS):
        assert not {said for _, _, said in rows(path)} & learned


@pytest.mark.parametrize(
    ("path", "right_at_least", "wrong_at_most"),
    [(EXAMPLES, 0.97, 0.01), (HELD_OUT, 0.95, 0.02), (BY_OTHERS, 0.94, 0.016)],
)
def test_most_sentences_are_understood_and_few_bring_a_wrong_command(
    path: Path, right_at_least: float, wrong_at_most: float
) -> None:
    count: Counter[str] = Counter()
    for is_personal, right, sentence in rows(path):
        meaning = meant(sentence, is_personal=is_personal)
        if names(meaning) & right:
            count["right"] += 1
        elif isinstance(meaning, Doing | Perhaps):
            count["wrong"] += 1
        count["all"] += 1

    assert count["right"] / count["all"] >= right_at_least, count
    assert count["wrong"] / count["all"] <= wrong_at_most, count


def test_nothing_that_changes_anything_is_done_inside_a_sentence() -> None:
    """What is done is a command's own words, or all that was said."""
    for is_personal, _, sentence in SENTENCES:
        meaning = meant(f"jeg lurer på om {sentence}", is_personal=is_personal)
        assert not (isinstance(meaning, Doing) and meaning.command.name in CHANGES), sentence


@pytest.mark.parametrize(
    ("text", "commands", "rest"),
    [
        ("stude", ["study"], ""),
        ("gruper", ["groups"], ""),
        ("resulatet", ["result"], ""),
        ("planleg 12. januar kl 9", ["plan"], ""),
        ("kan vi gå videre?", ["next"], ""),
        ("ferdig", ["next", "end"], ""),
        ("stopp", ["pause", "end"], ""),
    ],
)
def test_a_guess_is_asked_about(text: str, commands: list[str], rest: str) -> None:
    meaning = meant(text, is_personal=False)

    assert isinstance(meaning, Perhaps)
    assert [command.name for command in meaning.commands] == commands
    assert meaning.rest == rest


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("jeg har ferie til 3. august", "til 3. august"),
        ("syk i dag", "i dag"),
        ("jeg er borte i tre dager", "i tre dager"),
        ("I'm on vacation until 4 January", "until 4 January"),
        ("jeg er sykmeldt", ""),
    ],
)
def test_who_is_away_is_asked_whether_to_pause(text: str, rest: str) -> None:
    meaning = meant(text, is_personal=True)

    assert isinstance(meaning, Perhaps)
    assert [command.name for command in meaning.commands] == ["pause"]
    assert meaning.rest == rest


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        ("pause i to uker", "pause", "i to uker"),
        ("pause slutt", "pause", "slutt"),
        ("planlegg tre møter på tirsdager kl 9", "plan", "tre møter på tirsdager kl 9"),
        ("Hei! planlegg fra 12. januar kl 9", "plan", "fra 12. januar kl 9"),
        ("start veiledningsgruppe", "start", "veiledningsgruppe"),
        ("timer oppfolging 12.1. kl 9", "appointments", "oppfolging 12.1. kl 9"),
        ("trekk K7QM-2F9T-AAAA-BBBB-CCCC-DDDD", "withdraw", "K7QM-2F9T-AAAA-BBBB-CCCC-DDDD"),
        ("nynorsk", "language", "nn"),
        ("", "help", ""),
        ("?", "help", ""),
    ],
)
def test_what_is_done_has_what_was_written_after_it(text: str, name: str, rest: str) -> None:
    meaning = meant(text, is_personal=False)

    assert isinstance(meaning, Doing)
    assert (meaning.command.name, meaning.rest) == (name, rest)


@pytest.mark.parametrize(
    "text",
    [
        "neste uke passer dårlig",
        "start på dagen var tung",
        "plan B er å ringe",
        "timer og dager gikk før hun svarte",
        "pause er viktig",
        "trekk fra den siste",
        "lukk døra er du snill",
        "Ola, kan du begynne?",
        "☂",
        "vi " * 60,
    ],
)
def test_a_command_that_begins_something_else_is_none(text: str) -> None:
    assert meant(text, is_personal=False) == Unclear()


def test_where_something_belongs_is_said_by_who_does_it() -> None:
    assert names(meant("planlegg fra 12. januar kl 9", is_personal=True)) == {"plan"}


def test_who_does_not_want_something_is_not_given_it() -> None:
    assert names(meant("vi kan ta pause", is_personal=False)) == {"pause"}
    assert names(meant("vi kan ikke ta pause", is_personal=False)) != {"pause"}


def test_what_belongs_to_a_group_is_done_there_alone() -> None:
    assert names(meant("kan vi gå videre?", is_personal=False)) == {"next"}
    assert names(meant("start the survey", is_personal=True)) == {"study"}


def test_what_a_text_says_can_be_written_is_found_where_it_can_be() -> None:
    text = "Skriv «@Kollegial start», «pause slutt» eller «logg». Trykk «Start» eller «noe annet»."

    alone, together = (
        [(words, command.name) for words, command in named_in(text, is_personal=is_personal)]
        for is_personal in (True, False)
    )
    assert alone == [("pause slutt", "pause"), ("logg", "log")]
    assert together == [("start", "start"), ("pause slutt", "pause")]


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("neste", "neste", 0),
        ("neste", "nste", 1),
        ("neste", "nsete", 1),
        ("neste", "nestte", 1),
        ("neste", "mesta", 2),
        ("neste", "start", 3),
        ("neste", "nestekjærlighet", 3),
        ("abcd", "wxyz", 3),
    ],
)
def test_the_distance_of_words(one: str, other: str, apart: int) -> None:
    assert distance(one, other) == distance(other, one) == apart


@given(st.text(max_size=120), st.booleans())
def test_whatever_is_written_means_something_of_ours(text: str, is_personal: bool) -> None:
    match meant(text, is_personal=is_personal):
        case Doing(command):
            assert command in COMMANDS
        case Perhaps(commands):
            assert commands
            assert set(commands) <= set(COMMANDS)


@pytest.mark.parametrize(
    "text",
    ["a" * 33_000, "vi " * 11_000, "hvem " * 20, "kan vi ga " * 5, "x. " * 900],
)
def test_what_is_long_takes_little_time(text: str) -> None:
    understanding.understand("noe helt annet enn det som finnes", is_personal=True)  # tables
    spent = []
    for _ in range(3):
        since = process_time()
        understand(normalise(text), is_personal=True)
        spent.append(process_time() - since)
    assert min(spent) < 0.1


@pytest.mark.parametrize("text", ["neste likevel", f"start {'0' * 32}"])
def test_what_a_button_says_belongs_to_its_command(text: str) -> None:
    name, rest = text.split()

    meaning = meant(text, is_personal=False)

    assert isinstance(meaning, Doing)
    assert (meaning.command.words[0], meaning.rest) == (name, rest)


def test_what_begins_with_a_colleagues_name_is_not_for_the_bot() -> None:
    assert isinstance(understand("Torbjørg, kommer du i morgen?", is_personal=False), Unclear)
