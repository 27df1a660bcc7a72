"""Every card: valid, small enough, in three languages, and showing texts as they were written."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product
from typing import get_args

import pytest

from bot.gateway.events import Json
from bot.help import cards as help_cards
from bot.operation.demonstration import STUDY
from bot.studies.board_link import BoardLink
from bot.studies.cards import results as results_cards
from bot.studies.cards import study as study_cards
from bot.studies.cards.qsort import SortView, draw, handed_in
from bot.studies.cards.submission import delivered, in_words
from bot.studies.cards.talk import invitation_to_talk
from bot.ui import elements
from bot.ui.texts import Texts, texts
from dialogs.studies import qsort
from dialogs.studies.qsort import Approved, Draft, Explained, Moved, Piled, Read, Sorting, step
from dialogs.studies.study import LANGUAGES, Grid, Language, Statement, Study
from dialogs.studies.study_file import MAX_ALL_STATEMENTS, MAX_STATEMENT
from dialogs.studies.submission import OutOfTurn
from dialogs.toml.reader import MAX_HELP
from dialogs.writing.commands import COMMANDS
from dialogs.writing.door import RecognisedKinds
from dialogs.writing.text import TooLong, Unstorable
from dialogs.writing.understanding import Perhaps, Topic
from research.publication import Results
from research.study_files import read_study
from simulation import cards as reading
from tests.support import card_schema
from tests.support.studies import LARGE, SMALL, study_of

MAX_ACTIVITY = 80 * 1024
"""Bytes as UTF-16 that Teams takes."""
ENVELOPE = 2 * 1024
"""Bytes left for what goes around a card."""
TOKEN, NONCE = "T" * 43, "0" * 16
CODE = "K7QM-2F9T-AAAA-BBBB-CCCC-DDDD"


def shipped() -> Study:
    study = read_study(STUDY, date(2026, 11, 21))
    assert isinstance(study, Study)
    return study


def drafts(study: Study, piles: tuple[qsort.Pile, ...] = qsort.PILES) -> Iterator[Draft]:
    """A draft at every stage, and at every question of the fine sorting."""
    draft = qsort.begin("fjord-ekorn", CODE)
    chosen = {s.id: piles[n % len(piles)] for n, s in enumerate(study.statements)}
    events: list[qsort.Event] = [Read()] * qsort.pages(study, qsort.READ_PAGE)
    events += [Piled(chosen)] * qsort.pages(study, qsort.PRESORT_PAGE)
    for event in events:
        yield draft
        draft, _ = step(study, draft, event)
    while isinstance(draft.stage, Sorting):
        yield draft
        ask = qsort.prompt(study, draft.board)
        assert ask is not None
        first = tuple(s.id for s in ask.candidates[: ask.free])
        draft, _ = step(study, draft, qsort.Chosen(ask.pile, ask.column, first))
    yield draft
    lowest = qsort.column_of(study, draft.board, study.grid.values[0])[0]
    yield step(study, draft, Moved(lowest.id, 0))[0]
    for event in (Approved(), Explained({}, {}, "")):
        draft, _ = step(study, draft, event)
        yield draft


NOTICES: tuple[qsort.Notice, ...] = (
    qsort.PilesMissing(("s1", "s2")),
    qsort.NothingChosen(2),
    qsort.ColumnFull(2, 1, ("s1", "s2"), 1),
    qsort.Placed("agree", 1, 2),
    qsort.AlreadyThere("s1", 0),
    qsort.Traded("s1", 2, "s2", 0),
    qsort.SameStatement(),
    qsort.NothingToUndo(),
    OutOfTurn(),
    TooLong("comment", 3000, 2000),
    Unstorable("comment"),
    qsort.NoRoom("s1", 2),
    qsort.Uneven({2: 3, 1: 4}),
    qsort.StillInPiles(2),
    RecognisedKinds("comment", ("phone", "email"), hard=True),
    RecognisedKinds("s1", ("name",), hard=False),
    RecognisedKinds("q1", ("name",), hard=False),
)


def every_card(study: Study, say: Texts) -> Iterator[Json]:
    desk = SortView(
        study, say, TOKEN, NONCE, BoardLink("https://kollegial.example.org/tavle", "app")
    )
    yield from (draw(desk, draft) for draft in drafts(study))
    yield draw(desk, next(drafts(study)), [*NOTICES, "noe"])
    for replaced in (True, False):
        yield delivered(study, say, "fjord-ekorn", CODE, replaced=replaced)
    yield delivered(study, say, "", None, replaced=False)
    yield study_cards.invitation(say, study)
    yield study_cards.invitation_closed(say, study)
    for because in ("study.origin", ""):
        yield study_cards.consent(say, study, TOKEN, because)
    yield study_cards.studies(say, [(study, TOKEN)])
    yield study_cards.studies(say, [])
    yield study_cards.message("Takk.")
    yield study_cards.closing(say, study)
    yield study_cards.status(say, [(study, "open", 12, None), (study, "closed", 12, 10)])
    yield study_cards.status(say, [])
    yield study_cards.withdrawal(say)
    yield study_cards.withdrawal(say, "Nei.")
    *_, last = drafts(study)
    yield draw(desk, replace(last, corrects=True))
    told = in_words(handed_in(desk, last))
    for shown in ((), told):
        yield study_cards.own_answer(say, study, "fjord-ekorn", CODE, token=TOKEN, told=shown)
    yield results_cards.lookup(say)
    yield results_cards.lookup(say, "Nei.")
    found = Results({"f1": column_by_column(study), "f3": column_by_column(study)}, (), ("s1",))
    yield results_cards.results(say, study, found, "https://example.org/results/x")
    yield results_cards.results(say, study, replace(found, consensus=()), "https://example.org")
    named = replace(found, names={"f1": "*Nær* og rolig"}, texts={"f1": "De ser [det](x) slik."})
    page = "https://example.org/tavle/resultat/prove/x?l=nb"
    yield results_cards.results(say, study, named, "https://example.org/results/x", page)
    for closeness in (0.9, -0.9, 0.01):
        places = [("f1", closeness), ("f3", 0.0)]
        yield results_cards.own_place(
            say, study, found, places, pictures="https://example.org/r/x", page="https://x"
        )
    yield invitation_to_talk(say, study, ["rolig-elg"], "https://example.org/tavle/samtale/x")
    yield help_cards.languages(say)
    yield help_cards.welcome(say)
    yield help_cards.welcome(say, "Nå.")
    yield help_cards.group_welcome(say, "Kari")
    yield help_cards.missed(say)
    for topic in get_args(Topic):
        yield help_cards.answer(say, topic)
    for commands in (COMMANDS[:1], COMMANDS[3:6]):
        yield help_cards.perhaps(say, Perhaps(commands, "til 3. august"))
    for is_personal, whether in product((True, False), repeat=2):
        here = help_cards.Situation(is_personal, *[whether] * 5)
        yield help_cards.help_card(say, here)


def column_by_column(study: Study) -> dict[str, int]:
    """A factor array: the statements laid from the least value to the greatest."""
    cells = [value for value in study.grid.values for _ in range(study.grid.cells[value])]
    return dict(zip((s.id for s in study.statements), cells, strict=True))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_is_a_valid_adaptive_card(language: Language) -> None:
    for card in every_card(SMALL, texts(language)):
        assert card_schema.faults(card) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_card_has_more_than_six_buttons_and_no_input_goes_unnamed(language: Language) -> None:
    for card in every_card(shipped(), texts(language)):
        assert len(card["actions"]) <= 6
        for field in reading.inputs(card).values():
            assert field["label"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_ids_on_a_card_are_unique(language: Language) -> None:
    for card in every_card(shipped(), texts(language)):
        ids = [e["id"] for e in reading.elements(card) if "id" in e]
        assert len(ids) == len(set(ids))


def activity_size(card: Json) -> int:
    compact = json.dumps(card, ensure_ascii=False, separators=(",", ":"))
    return len(compact.encode("utf-16-le")) + ENVELOPE


def worst(count: int, length: int, help_length: int) -> Study:
    """A study at the limits of what `study check` lets through."""
    cells = dict.fromkeys(range(-7, 8), count // 15)
    cells[0] += count - sum(cells.values())
    assert count * length <= MAX_ALL_STATEMENTS
    return study_of(
        {},
        languages=("nb",),
        grid=Grid(cells),
        statements=tuple(
            Statement(f"{n:020}", {"nb": "å" * length}, {"nb": "ø" * help_length})
            for n in range(count)
        ),
    )


@pytest.mark.parametrize(
    "study",
    [
        worst(140, MAX_ALL_STATEMENTS // 140, MAX_HELP),
        worst(140, 20, 0),
        worst(46, MAX_ALL_STATEMENTS // 46, 60),
        worst(45, MAX_ALL_STATEMENTS // 45, 60),
        worst(MAX_ALL_STATEMENTS // MAX_STATEMENT, MAX_STATEMENT, MAX_HELP),
    ],
    ids=lambda study: f"{len(study.statements)} statements",
)
@pytest.mark.parametrize("pile", ["agree", "neutral"])
def test_the_largest_study_still_fits_in_a_message(study: Study, pile: qsort.Pile) -> None:
    desk = SortView(study, texts("nb"), TOKEN, NONCE)
    sizes = [activity_size(draw(desk, draft)) for draft in drafts(study, (pile,))]

    assert max(sizes) <= MAX_ACTIVITY


def test_the_grid_shows_where_everything_lies() -> None:
    *_, last_sorting, reviewed, _, _, _ = drafts(LARGE)
    for draft in (last_sorting, reviewed):
        card = draw(SortView(LARGE, texts("nb"), TOKEN, NONCE), draft)
        drawn = next(e for e in reading.elements(card) if e["type"] == "ColumnSet")
        lying: dict[str, int] = {}
        for column in drawn["columns"]:
            value, *cells = (item["text"] for item in column["items"])
            assert len(cells) == LARGE.grid.cells[int(value.replace("−", "-"))]
            lying |= {f"s{n}": int(value.replace("−", "-")) for n in cells if n != "□"}
        assert lying == draft.board.placed


def test_help_for_statements_is_at_hand_when_reading_presorting_and_sorting() -> None:
    help_texts = dict.fromkeys(LANGUAGES, "Dette betyr det.")
    study = study_of(
        SMALL.grid.cells,
        statements=tuple(Statement(s.id, s.text, help_texts) for s in SMALL.statements),
    )
    desk = SortView(study, texts("nb"), TOKEN, NONCE)
    for draft in drafts(study):
        if draft.stage.kind in {"reading", "presorting", "sorting"}:
            assert "Dette betyr det" in json.dumps(draw(desk, draft), ensure_ascii=False)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**fet** _kursiv_", r"\*\*fet\*\* \_kursiv\_"),
        ("[lenke](http://example.org)", r"\[lenke\]\(http://example.org\)"),
        ("{{DATE(2026-01-01T00:00:00Z)}}", "{\u200b{DATE\\(2026\\-01\\-01T00:00:00Z\\)}}"),
        ("\u202ebaklengs", "\u2068\u202ebaklengs\u2069"),
    ],
)
def test_somebodys_text_is_shown_as_it_was_written(written: str, shown: str) -> None:
    assert elements.plain(written) == shown


def test_an_invitation_carries_no_token() -> None:
    """Everybody in the channel sees the same card."""
    assert "token" not in json.dumps(study_cards.invitation(texts("nb"), SMALL))
