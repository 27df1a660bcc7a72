"""Instruments come out with the structure that the published files have, and their defects."""

from collections import Counter

import pytest

from research.formats.faults import BadFile
from research.instruments import reader, yaml_file
from research.instruments.shapes import (
    Assessment,
    ConditionShape,
    GuideShape,
    QuestionnaireShape,
    Script,
    Understood,
)
from tests.support import instruments

BLOCK = """
id: form
title: A form
blocks:
  - id: one
    title: How true is this?
    scale: [Not so, So, "Don't know"]
    scale_values: [1, 2, null]
    items:
      - {number: 1, text: I ask for help}
      - {number: 2, text: I wait and see, reversed: true, only_if: {item: 1, answers: [So]}}
"""
SCORES = """
id: check
title: A check
scale: {min: 1, max: 3}
parts: [{id: p, title: Part, items: [1, 2]}]
items:
  - number: 1
    id: one
    title: Habits
    part: p
    criteria: [We meet, We ask]
    count_to_score: {0: 1, 1: 2, 2: 3}
    scoring: {1: None, 2: One, 3: Both}
  - number: 2
    id: two
    title: Pace
    part: p
    scoring: {1: Slow, 2: Even, 3: Quick}
    bounds:
      unit: days
      ranges: [{score: 1, min: 31}, {score: 2, min: 11, max: 31, max_exclusive: true},
               {score: 3, max: 11, max_exclusive: true}]
sum:
  thresholds: [{min: 2, max: 4, label: Low}, {min: 5, max: 6, label: High}]
"""
GUIDES = """
id: guides
title: Guides
guides:
  - id: adviser
    title: For advisers
    questions:
      - {number: 1, key: why, text: Why?}
      - number: 2
        text: What do they do? And you?
        subquestions: [{key: others, text: What do managers do?}, {key: you, text: And you?}]
  - id: manager
    title: For managers
    questions:
      - {number: 1, key: others, text: What do advisers do?}
      - {number: 2, key: why, text: Why?}
shared:
  - {key: why, relation: identical}
  - {key: others, relation: mirrored}
"""
STEPS = """
id: round
title: A round
steps:
  - {number: 1, id: tell, phase: meeting, what: All tell, actor: [all], forbidden: Advice}
  - {number: 2, id: ask, what: All ask, actor: all, meetings: [2, 3]}
"""


def understood(text: str) -> Understood:
    return reader.read(yaml_file.load("file.yaml", text.encode()))


def refused(text: str) -> str:
    with pytest.raises(BadFile) as refusal:
        understood(text)
    return str(refusal.value)


def found(text: str) -> list[str]:
    return [str(defect) for defect in understood(text).defects]


class TestOfThePublishedShapes:
    def test_the_questionnaire_has_39_items_in_4_blocks(self) -> None:
        form = instruments.understood("mestringsgruppe_sporreskjema").instrument
        assert isinstance(form, QuestionnaireShape)

        assert [item.number for item in form.items()] == list(range(1, 40))
        assert [len(block.items) for block in form.blocks] == [19, 9, 4, 7]
        assert [block.asked for block in form.blocks] == ["both", "both", "after", "after"]
        assert [block.scale.values for block in form.blocks] == [
            (1, 2, 3, 4),
            (1, 2, 3, 4, 5, 6),
            (1, 2, 3, 4, None),
            (1, 2, 3, None),
        ]
        assert form.blocks[2].scale.labels[-1] == form.blocks[3].scale.labels[-1] == "Vet ikke"
        assert [len(block.items) for block in form.variants] == [8]
        assert [len(field.options) for field in form.background] == [2, 2, 2, 3, 3, 3]
        assert len({field.text for field in form.background}) == 6
        assert [item.number for item in form.items() if item.free_text] == [28]
        assert form.blocks[2].free_text
        assert not any(item.reversed for item in form.items())  # the source has no such rule

    def test_the_assessment_scores_16_items_and_bands_their_sum(self) -> None:
        check = instruments.understood("kvalitetsveileder").instrument
        assert isinstance(check, Assessment)

        assert [item.number for item in check.items] == list(range(1, 17))
        assert Counter(item.part for item in check.items) == {"organisasjon": 6, "tjenester": 10}
        assert all(list(item.levels) == [1, 2, 3, 4, 5] for item in check.items)
        assert sum(bool(item.by_count) for item in check.items) == 8
        assert sum(len(item.criteria) for item in check.items if item.by_count) == 34
        names = {
            16: "Lite på plass",
            48: "Lite på plass",
            49: "Godkjent",
            60: "Godkjent",
            61: "God",
            72: "God",
            73: "Meget god",
            80: "Meget god",
        }
        for total, name in names.items():
            band = check.band(total)
            assert band is not None
            assert band.short == name
        assert check.band(15) is None
        assert check.band(81) is None

    def test_the_assessment_names_its_defects(self) -> None:
        defects = instruments.understood("kvalitetsveileder").defects
        by_item = {defect.where for defect in defects}
        said = "\n".join(map(str, defects))

        assert {"item 3", "item 9", "item 11", "item 13", "item 15", "item 16"} <= by_item
        assert "item 3: no level for 0 of 5 criteria" in said
        assert "item 15: no level for 5 of 5 criteria" in said
        assert "item 11: no level for nøyaktig 2" in said
        assert "item 13: no level for 69-70" in said
        assert "item 16: no level for 20-21" in said
        assert "Fem punkter, fire trinn." in said

    def test_the_roles_guides_share_two_questions(self) -> None:
        guide = instruments.understood("meningsskaping_guider").instrument
        assert isinstance(guide, GuideShape)

        assert [(role.id, len(role.questions)) for role in guide.roles] == [
            ("ansatte", 8),
            ("ledere", 6),
        ]
        shared = {one.id: one.identical for one in guide.shared()}
        assert shared == {"digitale_losninger": True, "prioriteringer_retning": True}

    def test_the_mirrored_guides_share_eight(self) -> None:
        known = instruments.understood("samarbeid_guider")
        guide = known.instrument
        assert isinstance(guide, GuideShape)

        assert [len(role.questions) for role in guide.roles] == [2, 3]
        assert [sum(len(q.parts) for q in role.questions) for role in guide.roles] == [10, 15]
        assert [len(role.background) for role in guide.roles] == [4, 4]
        assert len(guide.shared()) == 8
        assert sum(shared.identical for shared in guide.shared()) == 4
        assert not any(defect.found_here for defect in known.defects)  # as the file lists them

    @pytest.mark.parametrize(
        ("name", "questions", "rules", "minutes"),
        [
            ("los_fokusgruppe", [12], 11, (60, 90)),
            ("kritisk_hendelse", [3], 4, None),
            ("metasamtale", [10], 4, (30, 30)),
            ("meningsskaping_sporsmal", [47], 0, None),
            ("mestringsgruppe_loggskjema", [6, 1, 2], 5, None),
        ],
    )
    def test_the_other_guides(
        self, name: str, questions: list[int], rules: int, minutes: tuple[int, int] | None
    ) -> None:
        guide = instruments.understood(name).instrument
        assert isinstance(guide, GuideShape)

        assert [len(role.questions) for role in guide.roles] == questions
        assert (len(guide.rules), guide.minutes) == (rules, minutes)
        for role in guide.roles:
            assert [q.number for q in role.questions] == [
                str(n) for n in range(1, len(role.questions) + 1)
            ]

    def test_the_script_of_the_reflection_group(self) -> None:
        script = instruments.understood("mestringsgruppe_dreiebok").instrument
        assert isinstance(script, Script)

        assert [step.id for step in script.steps] == [
            "logg",
            "oppfolging",
            "runde",
            "valg",
            "utdyping",
            "utforskende_sporsmal",
            "fornoyd",
            "handlingsalternativer",
            "avrunding",
            "notat",
        ]
        assert script.steps[1].meetings == (2, 3)
        assert len(script.steps[5].forbidden) == 2
        assert (script.people, script.minutes) == ((4, 8), 90)
        assert (script.meetings, script.days_between) == (3, 14)
        assert len(script.roles) == 4
        assert len(script.rules) == 11

    @pytest.mark.parametrize(
        ("name", "steps"),
        [("veiledningsforum", 7), ("refleksjonssamtale", 4), ("q_aap_framgangsmate", 8)],
    )
    def test_the_other_scripts(self, name: str, steps: int) -> None:
        script = instruments.understood(name).instrument
        assert isinstance(script, Script)

        assert [step.number for step in script.steps] == list(range(1, steps + 1))

    @pytest.mark.parametrize(
        ("name", "defects"),
        [
            ("mestringsgruppe_sporreskjema", 11),
            ("los_fokusgruppe", 10),
            ("veiledningsforum", 5),
            ("q_aap_framgangsmate", 16),
        ],
    )
    def test_every_defect_that_a_file_names_is_carried(self, name: str, defects: int) -> None:
        assert len(instruments.understood(name).defects) == defects

    def test_a_checklist_is_no_instrument(self) -> None:
        with pytest.raises(BadFile, match="holds no instrument that we know"):
            instruments.understood("ethics")


class TestQuestionnaires:
    def test_scales_conditions_and_reversed_items(self) -> None:
        form = understood(BLOCK).instrument
        assert isinstance(form, QuestionnaireShape)

        (block,) = form.blocks
        assert (block.scale.values, block.asked) == ((1, 2, None), "both")
        assert block.items[1].reversed
        assert block.items[1].condition == ConditionShape(1, ("So",))

    @pytest.mark.parametrize(
        ("old", "new", "line", "word"),
        [
            ("title: A form", "title: ''", 3, "`title` is missing or empty"),
            ("number: 2", "number: 1", 4, "Two items have the number 1"),
            ("number: 2", "number: two", 11, "no whole number"),
            ("[1, 2, null]", "[1, 2]", 8, "2 values for 3 answers"),
            ("[1, 2, null]", "[1, 1, null]", 8, "1 stands twice"),
            ("[1, 2, null]", "many", 8, "no list of whole numbers"),
            ('[Not so, So, "Don\'t know"]', "[Not so]", 7, "fewer than two answers"),
            ("Not so, So", "So, So", 7, "So stands twice"),
            ("Not so, So", "false, true", 7, "no text. Expected a text. Put it in quotes"),
            ("reversed: true", "reversed: 3", 11, "neither true nor false"),
            ("text: I ask for help", "text: [I]", 10, "no text"),
            ("    title: How", "    asked: later\n    title: How", 6, "no time to ask"),
        ],
    )
    def test_faults_have_a_place(self, old: str, new: str, line: int, word: str) -> None:
        assert old in BLOCK
        said = refused(BLOCK.replace(old, new))

        assert word in said
        assert f"file.yaml, line {line}: " in said

    def test_a_form_without_items(self) -> None:
        assert "no items" in refused("id: a\ntitle: A\nblocks: []\n")

    def test_blocks_that_are_no_list(self) -> None:
        assert "no list" in refused("id: a\ntitle: A\nblocks: many\n")

    def test_a_block_that_is_no_map(self) -> None:
        assert "no map" in refused("id: a\ntitle: A\nblocks: [one]\n")

    def test_all_faults_are_told_at_once(self) -> None:
        said = refused(BLOCK.replace("number: 2", "number: 1").replace("id: form\n", ""))

        assert [line.partition(":")[0] for line in said.splitlines()] == [
            "file.yaml, line 1",
            "file.yaml, line 3",
        ]


class TestAssessments:
    def test_criteria_ranges_and_bands(self) -> None:
        known = understood(SCORES)
        check = known.instrument
        assert isinstance(check, Assessment)

        assert known.defects == ()
        assert check.items[0].by_count == {0: 1, 1: 2, 2: 3}
        assert [(one.score, one.least, one.greatest) for one in check.items[1].ranges] == [
            (1, 31, None),
            (2, 11, 31),
            (3, None, 11),
        ]
        band = check.band(4)
        assert band is not None
        assert (band.label, band.short) == ("Low", "Low")

    @pytest.mark.parametrize(
        ("old", "new", "word"),
        [
            ("2: 3}", "2: null}", "item 1: no level for 2 of 2 criteria"),
            ("{0: 1, ", "{", "item 1: no level for 0 of 2 criteria"),
            ("min: 31}", "min: 32}", "item 2: no level for from 31 and under 32 days"),
            ("min: 31}", "min: 32, min_exclusive: true}", "from 31 to 32 days"),
            ("min: 31}", "min: 31, min_exclusive: true}", "item 2: no level for 31 days"),
            ("min: 31}", "min: 30}", "item 2: the levels 2 and 1 overlap"),
            ("max: 31, max_exclusive: true", "max: 31", "item 2: two levels for 31 days"),
            ("max: 31, max_exclusive: true", "max: 30", "no level for over 30 and under 31 days"),
            ("{min: 5", "{min: 6", "the sum 5 has no band"),
            ("{min: 5", "{min: 4", "the sum 4 has 2 bands"),
        ],
    )
    def test_holes_are_named_and_stop_nothing(self, old: str, new: str, word: str) -> None:
        assert old in SCORES
        assert word in " ".join(found(SCORES.replace(old, new)))

    @pytest.mark.parametrize(
        ("old", "new", "word"),
        [
            ("{1: Slow, 2: Even, 3: Quick}", "{1: Slow, 3: Quick}", "There are levels for 1, 3"),
            ("{1: Slow", "{one: Slow", "`one` is no whole number"),
            ("[1, 2]}", "[1]}", "do not have each item once"),
            ("[We meet, We ask]", "[We meet, We ask]\n    elements: 3", "`elements` says 3"),
            ("min: 31}", "min: long}", "`min` is no number"),
            ("{min: 1, max: 3}", "{min: 3, max: 1}", "The scores go from 3 to 1"),
            ("{min: 1, max: 3}", "{min: 1, max: 999999}", "at most 20"),
            ("thresholds: [", "thresholds: [" + "{min: 1, max: 1, label: x}, " * 20, "22 bands"),
        ],
    )
    def test_faults(self, old: str, new: str, word: str) -> None:
        assert old in SCORES
        assert word in refused(SCORES.replace(old, new))


class TestGuides:
    def test_shared_questions_are_found_among_the_parts_too(self) -> None:
        known = understood(GUIDES)
        guide = known.instrument
        assert isinstance(guide, GuideShape)

        assert known.defects == ()
        assert {one.id: one.identical for one in guide.shared()} == {"why": True, "others": False}

    def test_a_list_of_shared_questions_that_is_wrong(self) -> None:
        wrong = GUIDES.replace("key: others, relation: mirrored", "key: you, relation: mirrored")
        assert found(wrong) == [
            "The question others is shared in the roles' questions only.",
            "The question you is shared in `shared` only.",
        ]
        wrong = GUIDES.replace("mirrored", "identical")
        assert found(wrong) == ["The question others is called identical, and is not."]

    def test_a_key_twice_in_a_role(self) -> None:
        said = refused(
            GUIDES.replace("key: others, text: What do adv", "key: why, text: What do adv")
        )

        assert "why stands twice" in said

    def test_a_role_without_questions(self) -> None:
        assert "has no questions" in refused("id: a\ntitle: A\nguides: [{id: b, title: B}]\n")


class TestScripts:
    def test_steps(self) -> None:
        script = understood(STEPS).instrument
        assert isinstance(script, Script)

        assert script.steps[0].forbidden == ("Advice",)
        assert script.steps[1].actors == ("all",)
        assert script.steps[1].meetings == (2, 3)

    def test_steps_out_of_order(self) -> None:
        assert "not numbered in order" in refused(STEPS.replace("number: 2", "number: 1"))


class TestWhatIsLeft:
    def test_keys_that_have_no_place_are_told_once(self) -> None:
        more = STEPS.replace("id: tell,", "id: tell, colour: red, note: n,").replace(
            "id: ask,", "id: ask, colour: blue,"
        )
        assert understood(f"{more}history: {{a: 1}}\n").left == (
            "steps[].colour (line 5 and 1 more)",
            "history (line 7)",
        )

    def test_many_are_cut_short(self) -> None:
        left = understood(STEPS + "".join(f"k{n}: 1\n" for n in range(40))).left

        assert len(left) == 31
        assert left[-1] == "and 10 more keys"

    def test_counts_that_do_not_hold(self) -> None:
        known = understood(f"{STEPS}counts: {{steps: 3, others: 4}}\n")

        assert [str(one) for one in known.defects] == ["`counts` says 3 steps, and there are 2."]
        assert known.left == ()
