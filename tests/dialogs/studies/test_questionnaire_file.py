"""A questionnaire file is read whole, or every fault in it is named with its line."""

# ruff: noqa: E501 - a table of faults reads best with a line for each

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.faults import Fault
from dialogs.studies import items_file, questionnaire_file
from dialogs.studies.answering import answer_size
from dialogs.studies.definitions import Definition, dump, load
from dialogs.studies.definitions import answer_size as size_of
from dialogs.studies.items import NONE, Condition, Option
from dialogs.studies.questionnaire import Band, Questionnaire, Sum, asked, total
from dialogs.studies.study import LANGUAGES
from dialogs.toml import reader as toml_reader
from tests.support import instruments
from tests.support.data import SHARED
from tests.support.questionnaires import AFTER, ONCE, shipped
from tests.support.studies import SMALL

TODAY = date(2026, 11, 1)
GUIDE = Path("docs/questionnaires.md").read_text("utf-8")
WHOLE = re.search(r"```toml title=fellesmoter.toml\n(.*?)```", GUIDE, re.DOTALL)[1]  # type: ignore[index]  # a guide without it fails here
ONCE_ONLY = (
    re.sub(r"\[waves\.before\].*?(?=\[information\])", "", WHOLE, flags=re.DOTALL)
    .replace('asked = "both"', "")
    .replace('asked = "after"', "")
)


def read(source: str | bytes) -> tuple[Questionnaire, ...] | list[Fault]:
    data = source if isinstance(source, bytes) else source.encode()
    return questionnaire_file.read("q.toml", data, TODAY)


def whole(source: str) -> tuple[Questionnaire, ...]:
    found = read(source)
    assert isinstance(found, tuple), [str(fault) for fault in found]
    return found


def faults(source: str | bytes) -> list[Fault]:
    found = read(source)
    assert isinstance(found, list)
    return found


def changed(find: str, put: str, source: str = WHOLE) -> str:
    assert find in source, find
    return source.replace(find, put, 1)


def test_a_questionnaire_before_and_after_is_two() -> None:
    before, after = whole(WHOLE)

    assert (before.id, before.wave, before.before) == ("fellesmoter-before", "before", "")
    assert (after.id, after.wave, after.before) == ("fellesmoter-after", "after", before.id)
    assert before.title == {"nb": "Fellesmøtene våre: før"}
    assert (before.closes, after.closes) == (date(2030, 2, 28), date(2030, 6, 30))
    assert [block.id for block in before.blocks] == ["now"]
    assert [block.id for block in after.blocks] == ["now", "change"]
    assert before.retention == after.retention == date(2030, 12, 31)


def test_a_scale_numbers_itself_and_what_is_unknown_has_no_number() -> None:
    before, _ = whole(WHOLE)
    safe, waste = before.blocks[0].items

    assert safe.options == (
        Option("1", {"nb": "Uenig"}, 1),
        Option("2", {"nb": "Enig"}, 2),
        Option("unknown", {"nb": "Vet ikke"}),
    )
    assert (safe.value("2"), safe.value("unknown"), safe.value("")) == (2, None, None)
    assert (waste.value("2"), waste.score("2"), waste.score("unknown")) == (2, 1, None)
    assert before.language("en") == "nb"


def test_conditions_sums_and_bands_are_read() -> None:
    _, after = whole(WHOLE)
    (trust,) = after.sums

    assert after.item("how").when == Condition("better", ("yes",))
    assert trust == Sum(
        "trust",
        {"nb": "Trygghet"},
        ("safe", "waste"),
        (Band(2, {"nb": "Lite trygg"}), Band(4, {"nb": "Trygg"})),
    )
    bands = [trust.band(score) for score in (2, 3, 4)]
    assert [band and band.least for band in bands] == [2, 2, 4]
    assert trust.band(1) is None
    assert total(after, trust, {"safe": "2", "waste": "1"}) == 4
    assert total(after, trust, {"safe": "2", "waste": "unknown"}) is None
    assert total(after, trust, {"safe": "2"}) is None


def test_without_waves_it_is_asked_once() -> None:
    (once,) = whole(
        changed("retention = 2030-12-31", "retention = 2030-12-31\ncloses = 2030-01-01", ONCE_ONLY)
    )

    assert (once.id, once.wave, once.before) == ("fellesmoter", None, "")
    assert once.closes == date(2030, 1, 1)
    assert [block.id for block in once.blocks] == ["now", "change"]


def test_an_item_may_take_texts_from_sessions() -> None:
    (once,) = whole(changed("minutes = 3 ", 'shares = "how"\nminutes = 3 ', ONCE_ONLY))

    assert (once.shares, once.text_limit) == ("how", 1500)


def test_several_answers_can_have_a_score_by_their_number() -> None:
    source = changed(
        'answer = "one"                # with choices of its own',
        'answer = "several"\nscores = ["none", 1, 3]\nhelp = "Flere."',
        WHOLE,
    )
    _, after = whole(source)
    better = after.item("better")

    assert better.scores == (None, 1, 3)
    assert [better.value(a) for a in ("", "yes", "yes,no")] == [None, 1, 3]
    assert better.help == {"nb": "Flere."}
    assert ONCE.item("means").value("plan,team") == 3
    assert after.item("how").value("x") is None


def test_options_may_have_ids_and_values_of_their_own() -> None:
    source = changed(
        '[[scales.agree]]\ntext = "Enig"', '[[scales.agree]]\nid = "yes"\ntext = "Enig"\nvalue = -3'
    )
    source = changed(
        '[[scales.agree]]              # a scale: its options in order, numbered from 1\ntext = "Uenig"',
        '[[scales.agree]]\ntext = "Uenig"\nvalue = -1',
        source,
    )
    source = source.replace("from = 2", "from = -6").replace("from = 4", "from = -3")
    before, _ = whole(source)

    assert before.items[0].option("yes").value == -3
    assert [(o.id, o.value) for o in before.items[0].options] == [
        ("-1", -1),
        ("yes", -3),
        ("unknown", None),
    ]


def test_a_definition_is_stored_and_read_back_whatever_its_kind() -> None:
    definitions: list[Definition] = [*whole(WHOLE), ONCE, AFTER, SMALL]
    for definition in definitions:
        assert load(dump(definition)) == definition
        assert size_of(definition) % 1024 == 0


def test_a_text_that_is_no_definition_is_not_read() -> None:
    for text in ("[]", "{}", '{"kind":"questionnaire"}'):
        with pytest.raises(ValueError, match="validation error"):
            load(text)


def test_the_guides_faults_are_those_of_its_example() -> None:
    source = changed('scale = "agree"', 'scale = "agre"').replace("from = 4", "from = 2")
    shown = "\n".join(str(f).replace("q.toml", "fellesmoter.toml") for f in faults(source))

    assert f"{shown}\n2 faults in fellesmoter.toml." in GUIDE


# A table of faults: what is changed, and what is then said of which line.

FAULTS = {
    "no kind": ('kind = "questionnaire"        # tells it from a Q-study\n', "", 'q.toml:1: This is no questionnaire. Write kind = "questionnaire".'),
    "another kind": ('kind = "questionnaire"', 'kind = "poll"', "q.toml:1: This is no questionnaire."),
    "unknown key": ("minutes = 3 ", "minuts = 3\nminutes = 3 ", "q.toml:4: Unknown key 'minuts'. Did you mean minutes?"),
    "no blocks": (WHOLE[WHOLE.index("[[blocks]]") :], "", "q.toml:1: `blocks` is missing. Begin every block with [[blocks]]."),
    "shares no text": ("minutes = 3 ", 'shares = "safe"\nminutes = 3 ', "q.toml:4: 'safe' is no item to answer in words. Name one of these: "),
    "shares twice": ("minutes = 3 ", 'shares = "how"\nminutes = 3 ', "q.toml:4: What is shared is not asked before and after. Remove [waves]."),
    "closes for two": ("minutes = 3 ", "closes = 2030-01-01\nminutes = 3 ", "q.toml:4: A questionnaire before and after has two last days. Write closes under [waves.before] and [waves.after]."),
    "closes past": ("closes = 2030-02-28", "closes = 2020-02-28", "q.toml:12: `closes` is in the past: 2020-02-28. Choose a later day."),
    "retention too early": ("retention = 2030-12-31", "retention = 2030-06-30", "q.toml:5: `retention` (2030-06-30) is not after `closes` (2030-06-30)."),
    "a wave alone": ("[waves.after]", "[waves.aftr]", "q.toml:14: Unknown key 'aftr'. Did you mean after?"),
    "waves no table": ('[waves.before]                # leave out both of [waves], and it is asked once\ntext = "Fellesmøtene våre: før"         # the title of this form\ncloses = 2030-02-28           # may be left out: the last day for answers\n\n[waves.after]\ntext = "Fellesmøtene våre: etter"\ncloses = 2030-06-30\n', "waves = 3\n", "q.toml:10: `waves` must be a table. Begin it with [waves] on a line of its own."),
    "nothing asked before": ('asked = "both" ', 'asked = "after" ', "q.toml:10: No block is asked before. Remove [waves], or ask a block then."),
    "asked at no time": ('asked = "after"', 'asked = "later"', "q.toml:55: 'later' is no time to ask. Write before, after or both, in quotes."),
    "no scale": ('scale = "agree"', "scale = 3", "q.toml:39: There is no scale 3. Begin each of its options with [[scales.NAME]]."),
    "one option": ('[[scales.agree]]\ntext = "Enig"\n\n[[scales.agree]]\ntext = "Vet ikke"\nunknown = true                # counts in no mean and no sum\n', "", "q.toml:26: There are 1 options. A scale has 2 to 11."),
    "scale no list": ("[[blocks]]                    # what", "[scales.empty]\n[[blocks]]                    # what", "q.toml:36: `scales.empty` must be a list of tables. Begin every option with [[scales.empty]]."),
    "unknown with a value": ("unknown = true ", "unknown = true\nvalue = 3 ", "q.toml:35: An unknown has no value. Remove `value`, or `unknown`."),
    "value no number": ('text = "Enig"', 'text = "Enig"\nvalue = "2"', "q.toml:31: `value` must be a whole number from -100 to 100."),
    "same value": ('text = "Enig"', 'text = "Enig"\nvalue = 1', "q.toml:29: This has the same id as the one on line 26. Change or remove one."),
    "flag in quotes": ("reversed = true", 'reversed = "yes"', "q.toml:49: `reversed` must be true or false. Write reversed = true, without quotes."),
    "nothing to turn": ('answer = "text" ', 'answer = "text"\nreversed = true ', "q.toml:74: The item how has no values to turn. Remove this."),
    "not on a scale": ('answer = "text" ', "# ", 'q.toml:70: The item how is to be answered on a scale, and its block has none. Write answer = "text", "one" or "several" here, or scale = "..." in the block.'),
    "no way to answer": ('answer = "text" ', 'answer = "dance" ', "q.toml:73: 'dance' is no way to answer. Write scale, one, several or text, in quotes."),
    "choices of none": ('answer = "one" ', 'answer = "text" ', 'q.toml:62: The item better has choices and is answered otherwise. Write answer = "one" or answer = "several", or remove the choices.'),
    "no choices": ('answer = "text" ', 'answer = "one" ', "q.toml:70: `blocks.items.choices` is missing. Begin every option with [[blocks.items.choices]]."),
    "choice without id": ('id = "yes"', "", "q.toml:62: The option number 1 needs an id of letters a-z, digits, - and _, at most 20 in all."),
    "scores of one": ('answer = "one" ', 'scores = [1, 2]\nanswer = "one" ', 'q.toml:60: `scores` is for an item with several answers, and tells what none, one, two ... of them score. Write 3 whole numbers in square brackets; "none" where there is no score.'),
    "scores too few": ('answer = "one" ', 'scores = [1, 2]\nanswer = "several" ', "q.toml:60: `scores` is for an item with several answers"),
    "scores no numbers": ('answer = "one" ', 'scores = [1, 2, true]\nanswer = "several" ', "q.toml:60: `scores` is for an item with several answers"),
    "scores no list": ('answer = "one" ', 'scores = 3\nanswer = "several" ', "q.toml:60: `scores` is for an item with several answers"),
    "condition no table": ('when = { item = "better", answers = ["yes"] }', 'when = "better"', "q.toml:74: `when` must be a table."),
    "condition without answers": ('answers = ["yes"] }', "answers = [] }", 'q.toml:74: A condition needs an earlier item and the answers to it. Write for instance when = { item = "q1", answers = ["yes"] }.'),
    "condition without item": ('item = "better", ', "", "q.toml:74: A condition needs an earlier item"),
    "condition in part unknown": ('answers = ["yes"] }', 'answers = ["yes"], or = 3 }', "q.toml:74: Unknown key 'or'."),
    "condition on nothing": ('item = "better", answers', 'item = "beter", answers', "q.toml:74: There is no item beter. Correct the name."),
    "condition on no answer": ('answers = ["yes"]', 'answers = ["maybe"]', "q.toml:74: 'maybe' is no answer to better. Its answers are yes, no."),
    "condition on itself": ('item = "better", answers', 'item = "how", answers', "q.toml:74: These wait for each other: how. Take the condition away from one of them."),
    "condition on words": ("reversed = true ", 'when = { item = "how", answers = ["x"] }\nreversed = true ', "q.toml:49: The item how comes later. Move it up, or this item down."),
    "a circle": ('text = "Er møtene blitt bedre?"', 'text = "Er møtene blitt bedre?"\nwhen = { item = "how", answers = ["x"] }', "q.toml:60: These wait for each other: better, how. Take the condition away from one of them."),
    "condition beside a circle": ('id = "better"', 'id = "better"\nwhen = { item = "how", answers = ["x"] }', "q.toml:59: These wait for each other: better, how."),
    "same item twice": ('id = "waste"', 'id = "safe"', "q.toml:46: This has the same id as the one on line 42. Change or remove one."),
    "same block twice": ('id = "change"', 'id = "now"', "q.toml:51: This has the same id as the one on line 36."),
    "sum of one": ('items = ["safe", "waste"]', 'items = ["safe"]', 'q.toml:79: A sum needs two items or more. Write for instance items = ["q1", "q2"].'),
    "sum of nothing": ('items = ["safe", "waste"]', 'items = ["safe", "wast"]', "q.toml:79: There is no item 'wast'. Correct the name."),
    "sum twice of one": ('items = ["safe", "waste"]', 'items = ["safe", "safe"]', "q.toml:79: 'safe' is listed twice. Remove one."),
    "sum of words": ('items = ["safe", "waste"]', 'items = ["safe", "how"]', "q.toml:79: The item how gives no number. Give its answers values, or leave it out."),
    "bands with a hole": ("from = 2", "from = 3", "q.toml:81: The bands do not cover every sum once. The first begins at 2, and each of the next higher than the one before."),
    "band beyond": ("from = 4", "from = 5", "q.toml:86: `from` must be a whole number from 2 to 4. Write for instance from = 4."),
    "bands no list": ('[[sums.bands]]                # may be left out: what a sum means, from the least possible up\nfrom = 2\ntext = "Lite trygg"\n\n[[sums.bands]]\nfrom = 4\ntext = "Trygg"', "bands = 3", "q.toml:81: `sums.bands` must be a list of tables."),
    "not TOML": ("[information]", "[information", "q.toml:18: This is not TOML:"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_its_line_and_a_remedy(fault: str) -> None:
    find, put, said = FAULTS[fault]

    assert any(str(found).startswith(said) for found in faults(changed(find, put))), [
        str(found) for found in faults(changed(find, put))
    ]


def test_asked_once_no_block_says_when() -> None:
    (fault,) = faults(ONCE_ONLY.replace('id = "now"', 'id = "now"\nasked = "both"'))

    assert fault.what == "The questionnaire is asked once."


def test_a_sum_must_be_whole_at_one_time() -> None:
    source = changed('asked = "both" ', 'asked = "before" ')
    source += '\n[[sums]]\nid = "mix"\ntitle = "Mix"\nitems = ["safe", "later"]\n'
    source = changed(
        'when = { item = "better", answers = ["yes"] }',
        '[[blocks.items]]\nid = "later"\ntext = "?"\nanswer = "one"\nchoices = [{ id = "a", text = "A", value = 1 }, { id = "b", text = "B", value = 2 }]',
        source,
    )

    assert [fault.what for fault in faults(source)] == [
        "The items of sum mix are never all asked at once."
    ]


def test_a_condition_must_be_answered_when_its_item_is_asked() -> None:
    source = changed('asked = "both" ', 'asked = "before" ')
    source = changed(
        'when = { item = "better", answers = ["yes"] }',
        'when = { item = "safe", answers = ["1"] }',
        source,
    )

    assert [str(fault) for fault in faults(source)] == [
        "q.toml:74: The item safe is not always asked when this one is. Ask both at the same time."
    ]


def item(n: int, text: str = "?") -> str:
    choices = '[{ id = "a", text = "A" }, { id = "b", text = "B" }]'
    return f'[[blocks.items]]\nid = "i{n}"\nanswer = "one"\nchoices = {choices}\ntext = "{text}"\n'


def block(n: int, items: str) -> str:
    return f'[[blocks]]\nid = "b{n}"\ntitle = "T"\n{items}'


HEAD = ONCE_ONLY[: ONCE_ONLY.index("[[scales")]


def test_more_than_a_card_or_a_form_has_room_for_is_refused() -> None:
    many = "".join(block(b, "".join(item(20 * b + i) for i in range(20))) for b in range(6))
    assert [fault.what for fault in faults(HEAD + many)] == ["There are 120 items."]
    wide = block(0, "".join(item(i) for i in range(26)))
    assert [fault.what for fault in faults(HEAD + wide)] == ["The block b0 has 26 items."]
    long = block(0, "".join(item(i, "x" * 400) for i in range(25)))
    assert whole(HEAD + long)
    helped = long.replace('answer = "one"', f'answer = "one"\nhelp = "{"y" * 200}"')
    (fault,) = faults(HEAD + helped)
    wordy = re.sub(
        r'answer = "one"\nchoices = .*',
        'answer = "text"',
        block(0, "".join(item(i) for i in range(7))),
    )
    assert [f.what for f in faults(HEAD + wordy)] == [
        "The block b0 has 7 items to answer in words."
    ]
    assert fault.what == "The block b0 in nb takes 16350 characters in all."


def test_more_sums_and_bands_than_will_do_are_refused() -> None:
    sums = WHOLE[WHOLE.index("[[sums]]") :]
    more = WHOLE + "".join(sums.replace('"trust"', f'"t{n}"') for n in range(10))
    assert [fault.what for fault in faults(more)] == ["There are 11 sums."]
    bands = WHOLE + '[[sums.bands]]\nfrom = 4\ntext = "x"\n' * 9
    assert faults(bands)[0].what == "There are 11 bands."


@pytest.mark.parametrize(
    "bomb",
    [
        'kind = "questionnaire"\n' + "".join(block(0, item(n)) for n in range(10_000)),
        'kind = "questionnaire"\nblocks = [' + '{id="a"},' * 20_000 + "]",
        "a = " + "[" * 20_000,
        "a = " + "{a=" * 20_000,
        "a" + ".a" * 20_000 + " = 1",
        "x" * 300_000,
        b"\xff",
    ],
    ids=["questions", "inline", "levels", "tables", "dots", "size", "no text"],
)  # fmt: skip
def test_a_bomb_is_refused_before_it_is_read(bomb: str | bytes) -> None:
    (fault,) = faults(bomb)

    assert fault.remedy


SPLIT = st.integers(0, len(WHOLE))


@settings(max_examples=150)
@given(SPLIT, SPLIT, st.sampled_from(["", "]", '"', "x", " = ", "[[blocks]]\n", "\x00", "1"]))
def test_no_change_to_a_file_makes_reading_crash(start: int, end: int, put: str) -> None:
    read(WHOLE[:start] + put + WHOLE[end:])


def test_the_guide_states_the_limits_that_hold() -> None:
    limits = dict(re.findall(r"^\| ([a-z ]+) \| (\d+)", GUIDE, re.MULTILINE))
    f, i, r = questionnaire_file, items_file, toml_reader

    assert {name: int(limit) for name, limit in limits.items()} == {
        "items": f.MAX_ITEMS, "items of one block": f.MAX_BLOCK_ITEMS, "items of one block to answer in words": f.MAX_WORDS, "one block in one language": f.MAX_BLOCK,
        "steps of a scale": i.MAX_STEPS, "options of an item": i.MAX_OPTIONS, "one option": i.MAX_OPTION, "one item": r.MAX_QUESTION,
        "help of one item": r.MAX_HELP, "intro of a block": f.MAX_INTRO, "sums": f.MAX_SUMS,
        "bands of a sum": f.MAX_BANDS, "one band": f.MAX_BAND, "title": r.MAX_TITLE, "purpose": r.MAX_PURPOSE,
        "information": r.MAX_INFORMATION, "minutes": r.MAX_MINUTES, "a file": f.MAX_BYTES // 1000,
    }  # fmt: skip


def test_who_answers_otherwise_is_asked_otherwise() -> None:
    _, after = whole(WHOLE)

    assert [i.id for i in asked(after, {"better": "no"})] == ["safe", "waste", "better"]
    assert [i.id for i in asked(after, {"better": "yes"})] == ["safe", "waste", "better", "how"]
    assert answer_size(after) == 5120


# What is shipped


@pytest.mark.parametrize(
    "name", ["mestring", "kvalitetsveileder", "observasjon", "deling", "intervju"]
)
def test_what_is_shipped_has_no_faults_and_says_the_honest_word(name: str) -> None:
    for one in shipped(name):
        assert set(one.languages) == {"nb", "nn", "en"}
        for language in LANGUAGES:
            word = "pseudonymous" if language == "en" else "pseudonymt"
            assert word in one.information.text[language]


def test_the_reflection_groups_form_is_built_as_the_published_one() -> None:
    source = instruments.source("mestringsgruppe_sporreskjema")
    before, after = shipped("mestring")
    theirs_all = [block for block in source["blocks"] if "variant_of" not in block]
    background, *ours = after.blocks

    assert [len(i.options) for i in background.items] == [
        len(i["options"]) for i in source["background"]["items"]
    ]
    assert [b.id for b in before.blocks] == [
        "background",
        *(o.id for o, p in zip(ours, theirs_all, strict=True) if p["asked"] == "both"),
    ]
    for mine, theirs in zip(ours, theirs_all, strict=True):
        rated = [i for i in mine.items if i.way == "one"]
        assert len(rated) == len(theirs["items"])
        for one in rated:
            assert [o.value for o in one.options] == theirs["scale_values"]
        words = [i for i in mine.items if i.way == "text"]
        assert len(words) == sum("free_text_after" in part for part in (theirs, *theirs["items"]))
    assert (
        sum(i.way == "one" for b in ours for i in b.items)
        == source["counts"]["items_appendix"]
        == 39
    )


def test_the_interview_asks_what_the_published_guide_asks() -> None:
    guide = instruments.source("intervju_guider")["guides"][0]
    (ours,) = shipped("intervju")

    assert len(ours.items) == len(guide["questions"]) == 8
    assert {item.way for item in ours.items} == {"text"}
    followed_up = [n for n, each in enumerate(guide["questions"]) if "follow_up" in each]
    assert set(followed_up) <= {n for n, item in enumerate(ours.items) if item.help}
    least, most = guide["frame"]["minutes"]
    assert least <= ours.minutes <= most


@pytest.mark.shared
def test_the_words_of_the_reflection_groups_form_are_our_own() -> None:
    published = (SHARED / "instruments/mestringsgruppe_sporreskjema.yaml").read_text("utf-8")
    texts = " ".join(published.casefold().split())
    _, after = shipped("mestring")

    assert not [i.id for i in after.items if i.text["nb"].casefold().rstrip(".?") in texts]


def test_the_assessment_is_built_as_the_published_one_with_its_holes_closed() -> None:
    source = instruments.source("kvalitetsveileder")
    (ours,) = shipped("kvalitetsveileder")
    points = {item.id: item for item in ours.items if item.id.startswith("k")}
    parts = [[int(i.id[1:]) for i in block.items] for block in ours.blocks[:2]]

    assert parts == [part["items"] for part in source["parts"]]
    assert len(points) == source["counts"]["items"] == 16
    ticked = [item for item in points.values() if item.way == "several"]
    assert len(ticked) == source["counts"]["scoring_count"]
    assert sum(len(i.options) for i in ticked) == source["counts"]["kvalitetskriterier_bullets"]
    for one in source["items"]:
        mine = points[f"k{one['number']:02}"]
        assert {min(mine.values), max(mine.values)} == {1, 5}
        if one["scoring_type"] == "anchors":
            assert [o.value for o in mine.options] == [1, 2, 3, 4, 5]
            continue
        for count, score in one["count_to_score"].items():
            assert mine.scores[count] == (score or {0: 1, 5: 5}[count])


def test_the_bands_change_where_the_published_ones_do() -> None:
    source = instruments.source("kvalitetsveileder")["sum"]
    (ours,) = shipped("kvalitetsveileder")
    whole = ours.sums[0]

    for band in source["thresholds"]:
        for reached in (band["min"], band["max"]):
            found = whole.band(reached)
            assert found is not None
            assert found.least == band["min"]
    best = {
        i: ",".join(o.id for o in ours.item(i).options) for i in whole.items if ours.item(i).scores
    }
    best |= {i: "5" for i in whole.items if not ours.item(i).scores}
    worst = {i: NONE if ours.item(i).scores else "1" for i in whole.items}
    assert (total(ours, whole, worst), total(ours, whole, best)) == (source["min"], source["max"])


def test_the_observer_is_asked_for_every_theme() -> None:
    themes = instruments.source("mestringsgruppe_dreiebok")["observation_sheet"]["themes"]
    (ours,) = shipped("observasjon")

    assert sum(item.way == "text" for item in ours.items) == len(themes) == 5
