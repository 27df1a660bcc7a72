"""Studies as researchers have designed them: read, or told why not, and played to the end."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import aiohttp
import pytest

from bot.gateway.events import Json
from bot.studies.board_link import BoardLink
from bot.studies.cards.qsort import SortView, draw, speaking
from bot.studies.cards.results import results
from bot.studies.instrument import InstrumentView as ViewDesk
from bot.ui.elements import plain
from bot.ui.texts import page_texts, texts
from bot.web import forms
from bot.web import results as results_page
from bot.web.views import BoardFace, instrument
from dialogs.studies import qsort
from dialogs.studies.items import Item, Option
from dialogs.studies.study import LANGUAGES, Grid, Labels, Language, Study
from dialogs.studies.submission import OutOfTurn
from research.export import open_answers
from research.publication import Results
from research.study_files import read_studies
from simulation import cards
from simulation.hand import Faults, Tally
from simulation.participant import Mind, Participant
from simulation.study import StudyScenario, simulate_study
from storage.crypto.sealing import PrivateKey
from tests.bot.studies.test_cards import column_by_column, drafts, every_card
from tests.support.data import DATA
from tests.support.kollegial import House, kollegial, sort
from tests.support.studies import SMALL, study_of

CASES = DATA / "cases" / "research"
TODAY = date(2026, 11, 1)
TOKEN, NONCE = "T" * 43, "0" * 16


def made(name: str) -> tuple[Study, ...]:
    found = read_studies(CASES / f"{name}.toml", TODAY)
    assert isinstance(found, tuple), found
    return found


# What comes of each file

TAKEN: Mapping[str, tuple[int, str]] = {
    "aqs90": (90, "-4 to 4"),
    "asym_pos": (24, "-2 to 3"),
    "ccq100": (100, "-4 to 4"),
    "grid_list": (32, "-5 to 5"),
    "labels": (9, "-2 to 2"),
    "lang_sami": (9, "-2 to 2"),
    "q_12choices": (9, "-2 to 2"),
    "q_checkbox": (9, "-2 to 2"),
    "q_rating": (9, "-2 to 2"),
    "same_start47": (47, "-5 to 5"),
    "sixty_long": (60, "-6 to 6"),
    "swap100": (100, "0 to 7"),
    "unicode_minus": (32, "-5 to 5"),
    "waves": (9, "-2 to 2"),
    "wide9": (83, "-9 to 9"),
}
TOLD = {
    "lang_nb_uk": "names nb, uk",
    "mixed": "kollegial questionnaire --help",
    "negative_values": "kollegial questionnaire --help",
    "plus_keys": "without the plus sign",
    "q_required": "No question can be required",
    "unforced": "write forced = false",
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_design_is_taken_as_it_was_meant(name: str) -> None:
    statements, reach = TAKEN[name]
    study = made(name)[0]

    assert (len(study.statements), study.grid.size) == (statements, statements)
    assert f"{study.grid.values[0]} to {study.grid.values[-1]}" == reach


@pytest.mark.parametrize("name", TOLD)
def test_one_fault_is_one_fault(name: str) -> None:
    found = read_studies(CASES / f"{name}.toml", TODAY)

    assert isinstance(found, list)
    assert len(found) == 1, found
    assert TOLD[name] in str(found[0])


# Played to the end


async def handed_in(house: House, study: Study) -> dict[str, qsort.Answer]:
    await house.services.studies.close(study.id, "a researcher")
    released = await house.urn.release(study.id)
    return open_answers(study, released.submissions, PrivateKey(house.identity.text))


FREE = replace(
    study_of(dict.fromkeys(range(-2, 3), 9)),
    statements=SMALL.statements,
    forced=False,
)
MANY = [
    study_of(dict(zip(range(-5, 6), cells, strict=True)), languages=("nb",))
    for cells in (
        (2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2),
        (2, 3, 4, 6, 6, 8, 6, 6, 4, 3, 2),
        (3, 4, 5, 6, 8, 8, 8, 6, 5, 4, 3),
        (3, 4, 5, 7, 8, 8, 8, 7, 5, 4, 3),
    )
]
PLAYED = [*(made(name)[0] for name in TAKEN), FREE, *MANY]


@pytest.mark.parametrize("study", PLAYED, ids=lambda s: f"{s.id}-{len(s.statements)}")
async def test_a_design_is_played_to_its_end(study: Study, tmp_path: Path) -> None:
    async with kollegial(tmp_path, [study]) as house:
        faults = Faults(double=0.1, stale=0.1, undone=0.1)
        scenario = StudyScenario(study.id, 1 if study in MANY else 2, seed=3, faults=faults)
        delivered = await simulate_study(house.teams, scenario, Tally())
        found = await handed_in(house, study)

    assert {p: dict(a.sort) for p, a in found.items()} == {
        one.pseudonym: dict(one.sort) for one in delivered
    }
    for one in delivered:
        assert dict(found[one.pseudonym].answers) == {q: a for q, a in one.answers.items() if a}


async def test_sorts_before_and_after_are_paired_by_the_code(tmp_path: Path) -> None:
    before, after = made("waves")
    assert (before.id, after.id, after.before) == ("waves-before", "waves-after", "waves-before")
    async with kollegial(tmp_path, [before, after]) as house:
        mind = Mind(1, 0, 0)
        first = await Participant(house.kari, before.id, mind, Tally()).take_part()
        code = first.code
        second = await Participant(house.kari, after.id, mind, Tally(), before=code).take_part()
        alone = await Participant(house.ola, after.id, mind, Tally()).take_part()
        await house.kari.write(f"trekk {second.code}")
        post = house.kari.chat.last
        await house.kari.press(post, "study.read")
        assert plain(first.pseudonym) in house.kari.sees(post)
        await house.kari.press(post, "study.change")
        await sort(house.kari, post)
        assert "before_code" not in cards.inputs(house.kari.card(post)), "a correction knows it"
        await house.kari.press(post, "qsort.deliver")
        found = await handed_in(house, after)

    assert {pseudonym: answer.before for pseudonym, answer in found.items()} == {
        second.pseudonym: first.pseudonym,
        alone.pseudonym: "",
    }


@pytest.mark.parametrize(("code", "said"), [("feil", "Minst ett tegn"), ("own", "ingen sortering")])
async def test_a_code_that_leads_to_no_sort_before_hands_nothing_in(
    code: str, said: str, tmp_path: Path
) -> None:
    _, after = made("waves")
    async with kollegial(tmp_path, [after]) as house:
        mind = Mind(1, 0, 0)
        other = await Participant(house.ola, after.id, mind, Tally()).take_part()
        wrong = other.code if code == "own" else code
        participant = Participant(house.kari, after.id, mind, Tally(), before=wrong)
        tries = asyncio.create_task(participant.take_part())  # and tries the same code for ever
        await house.teams.until(
            lambda: any(said in house.kari.sees(post) for post in house.kari.chat.posts)
        )
        tries.cancel()
        await asyncio.wait({tries})
        found = await handed_in(house, after)

    assert list(found) == [other.pseudonym]


# Words of one's own

OWN = {"nb": "Mest lik meg", "nn": "Mest lik meg", "en": "Most like me"}
LEAST = {"nb": "Minst lik meg", "nn": "Minst lik meg", "en": "Least like me"}
LIKE_ME = replace(SMALL, labels=Labels(OWN, LEAST, dict.fromkeys(LANGUAGES, "Midt imellom")))
AGREES = re.compile(r"(?<![a-zæøå])u?(?:en|ein)ig(?!e? om)|agree", re.IGNORECASE)


def texts_of(value: object) -> Iterator[str]:
    """Whatever is shown of a card or an instrument: all texts but the machine's own."""
    match value:
        case str(text):
            yield text
        case dict(table):
            for key, one in table.items():
                if key not in {"verb", "data", "id", "value", "field", "piles", "kind"}:
                    yield from texts_of(one)
        case list(many):
            for one in many:
                yield from texts_of(one)


@pytest.mark.parametrize("language", LANGUAGES)
def test_with_poles_of_ones_own_nothing_says_agree_or_disagree(language: Language) -> None:
    say = texts(language)
    own = speaking(LIKE_ME, say)
    found = Results({"f1": column_by_column(LIKE_ME)}, (), ())
    desk = SortView(LIKE_ME, own, TOKEN, NONCE)
    shown: list[Json] = [draw(desk, draft) for draft in drafts(LIKE_ME)]
    for piles in (("agree",), ("disagree",), ("neutral",)):
        shown += [draw(desk, draft) for draft in drafts(LIKE_ME, piles)]
    shown.append(results(say, LIKE_ME, found, "https://example.org"))
    board = instrument(LIKE_ME, say)
    every = [text for one in (*shown, board) for text in texts_of(one)]

    assert [text for text in every if AGREES.search(text)] == []
    assert sum(OWN[language] in text for text in every) > 10
    page = results_page.draw(say, LIKE_ME, found)
    assert AGREES.search(page) is None
    assert OWN[language] in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_a_word_of_the_studys_own_wherever_its_own_says_agree(
    language: Language,
) -> None:
    own = set(instrument(LIKE_ME, texts(language))["words"])
    page = page_texts(language)
    said = {name for name, forms in page.items() if any(AGREES.search(form) for form in forms)}

    assert said <= own <= set(page)
    assert instrument(SMALL, texts(language))["words"] == {}


def test_the_form_without_script_says_the_studys_own_words() -> None:
    say = texts("nb")
    for draft in drafts(LIKE_ME):
        view = ViewDesk(LIKE_ME, say, TOKEN, NONCE)
        page = forms.draw(say, LIKE_ME, TOKEN, BoardFace().at_work(view, draft, []), {})
        assert AGREES.search(page) is None


def test_a_study_without_labels_still_says_agree() -> None:
    said = " ".join(text for card in every_card(SMALL, texts("en")) for text in texts_of(card))
    assert "agree with most" in said


# Smaller settings


@pytest.mark.parametrize(("reasons", "asked"), [(0, 0), (1, 2), (3, 4)])
def test_how_many_are_asked_why_is_a_setting(reasons: int, asked: int) -> None:
    study = replace(study_of({-1: 2, 0: 3, 1: 2}), reasons=reasons)
    *_, explaining, _ = drafts(study)

    assert len(qsort.extremes(study, explaining.board)) == asked
    fields = cards.inputs(draw(SortView(study, texts("nb"), TOKEN, NONCE), explaining))
    assert sum(key.startswith("reason.") for key in fields) == asked


def test_many_statements_that_begin_alike_can_be_told_apart() -> None:
    (study,) = made("same_start47")
    *_, reviewing, _, _, _ = drafts(study)
    card = draw(SortView(study, texts("nb"), TOKEN, NONCE), reviewing)
    titles = [choice["title"] for choice in cards.inputs(card)["first"]["choices"]]
    bare = [title.partition(". ")[2] for title in titles]

    assert [title.partition(".")[0] for title in titles] == [str(n) for n in range(1, 48)]
    assert len(set(bare)) == len(bare)


def test_in_free_sorting_each_statement_gets_a_column_by_itself() -> None:
    draft = qsort.Draft(
        "p", "c", qsort.Sorting(), qsort.Board({s.id: "agree" for s in FREE.statements})
    )
    first = [s.id for s in qsort.unrated(FREE, draft.board)]
    none, said = qsort.step(FREE, draft, qsort.Rated({}))
    some, quiet = qsort.step(FREE, draft, qsort.Rated(dict.fromkeys(first[:4], 1)))
    whole, _ = qsort.step(FREE, some, qsort.Rated(dict.fromkeys(first[4:], -2)))

    assert (none, said) == (draft, [qsort.StillInPiles(len(FREE.statements))])
    assert quiet == []
    assert [s.id for s in qsort.unrated(FREE, some.board)] == first[4:]
    assert isinstance(whole.stage, qsort.Reviewing)
    assert qsort.step(SMALL, draft, qsort.Rated({}))[1] == [OutOfTurn()]


def test_in_free_sorting_a_move_needs_no_exchange() -> None:
    draft = qsort.Draft(
        "p",
        "c",
        qsort.Reviewing(),
        qsort.Board({s.id: "agree" for s in FREE.statements}, {s.id: 2 for s in FREE.statements}),
    )
    moved, said = qsort.step(FREE, draft, qsort.Moved("s1", -2))

    assert said == []
    assert moved.board.placed["s1"] == -2
    assert qsort.fits(FREE, qsort.answer(FREE, moved))


@pytest.mark.parametrize(
    ("change", "is_one"),
    [
        ({}, True),
        ({"information": "2"}, False),
        ({"answers": {"q2": "yes"}}, True),
        ({"answers": {"q2": "maybe"}}, False),
        ({"answers": {"q9": "yes"}}, False),
    ],
)
def test_an_answer_fits_its_study(change: dict[str, object], is_one: bool) -> None:
    whole = qsort.Answer("1", column_by_column(SMALL), {}, {}, "")
    assert qsort.fits(SMALL, replace(whole, **change)) is is_one  # type: ignore[arg-type] # a table of one field each
    assert not qsort.fits(SMALL, replace(whole, sort={**whole.sort, "s1": 2}))


SEVERAL = Item(
    id="where",
    text={"nb": "Hvor?"},
    way="several",
    options=(Option("a", {"nb": "Her"}), Option("b", {"nb": "Der"})),
)


@pytest.mark.parametrize(
    ("given", "kept"),
    [("b,a", "a,b"), ("", ""), ("(none)", "(none)"), ("x", ""), ("a,x", "a")],
)
def test_what_is_chosen_after_a_sort_is_what_there_is(given: str, kept: str) -> None:
    study = replace(SMALL, questions=(SEVERAL,), grid=Grid(dict(SMALL.grid.cells)))
    *_, explaining, _ = drafts(study)
    after, _ = qsort.step(study, explaining, qsort.Explained({}, {"where": given}, ""))

    assert after.answers == {"where": kept}
    assert Counter(qsort.answer(study, after).answers) == Counter({"where": kept} if kept else {})


# Pictures as statements

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def pictured(tmp_path: Path, data: bytes = PNG, name: str = "s1.png") -> tuple[Study, ...] | str:
    source = (CASES / "labels.toml").read_text("utf-8")
    (tmp_path / "x.toml").write_text(
        source.replace('id = "s1"\n', f'id = "s1"\nimage = "{name}"\n', 1), "utf-8"
    )
    (tmp_path / "s1.png").write_bytes(data)
    found = read_studies(tmp_path / "x.toml", TODAY)
    return found if isinstance(found, tuple) else " ".join(map(str, found))


async def test_a_picture_is_a_statement_with_words_for_those_who_do_not_see_it(
    tmp_path: Path,
) -> None:
    found = pictured(tmp_path)
    assert isinstance(found, tuple)
    (study,) = found
    board = "https://kollegial.example.org/tavle"
    shown = [
        draw(SortView(study, texts("nb"), TOKEN, NONCE, BoardLink(board)), d) for d in drafts(study)
    ]
    images = [e for card in shown for e in cards.elements(card) if e["type"] == "Image"]
    assert {(e["url"], e["altText"]) for e in images} == {
        (f"{board}/bilde/labels/s1", study.statements[0].text["nb"])
    }
    assert len(images) >= 3
    assert instrument(study, texts("nb"))["statements"][0]["image"] == "/tavle/bilde/labels/s1"

    async with kollegial(tmp_path, [study]) as house, aiohttp.ClientSession() as web:
        for statement, status in (("s1", 200), ("s2", 404)):
            url = f"{house.settings.board}/bilde/labels/{statement}"
            async with web.get(url) as answer:
                assert answer.status == status
                if status == 200:
                    assert await answer.read() == PNG
                    assert answer.content_type == "image/png"


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (PNG, "s2.png", "is not here"),
        (PNG, "../s1.png", "is no name of a picture"),
        (PNG, "s1.svg", "is no name of a picture"),
        (b"GIF89a", "s1.png", "is no PNG or JPEG"),
        (PNG * 2000, "s1.png", "is larger than 60 kB"),
    ],
)
def test_what_is_no_picture_is_named(data: bytes, name: str, said: str, tmp_path: Path) -> None:
    assert said in str(pictured(tmp_path, data, name))


def test_pictures_are_not_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dialogs.studies.study_file.MAX_IMAGES", 40)
    assert "The pictures take more than" in str(pictured(tmp_path))
