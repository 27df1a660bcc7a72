"""A published instrument becomes a file of ours that its own check accepts, and is the same."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from cli.importing import import_method, import_questionnaire
from dialogs.sessions import method_file
from dialogs.sessions.method import Method
from dialogs.sessions.primitives.fill_in import FillIn
from dialogs.sessions.primitives.inform import Inform
from dialogs.sessions.primitives.round import Round
from dialogs.studies import questionnaire_file
from dialogs.studies.questionnaire import Questionnaire
from dialogs.toml.reader import UNFINISHED
from research.formats.faults import BadFile, CannotHold
from research.studies import StudyRefused
from tests.research.instruments.test_reader import BLOCK, GUIDES, SCORES, STEPS
from tests.support.data import INSTRUMENTS

TODAY = date(2030, 5, 1)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tests.cli.test_importing.INSTRUMENTS", INSTRUMENTS.resolve())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def twin(name: str) -> Path:
    return INSTRUMENTS / f"{name}.yaml"


def written(text: str, name: str = "file.yaml") -> Path:
    Path(name).write_text(text, "utf-8")
    return Path(name)


def finished(out: Path) -> bytes:
    """The file as it is when the places are written that the check names."""
    text = out.read_text("utf-8")
    for mark in UNFINISHED:
        text = text.replace(f"{mark}: ", "")
    return text.encode()


def questionnaires(file: Path) -> tuple[Questionnaire, ...]:
    import_questionnaire(file, Path("out.toml"), TODAY)
    unfinished = questionnaire_file.read("out.toml", Path("out.toml").read_bytes(), TODAY)
    assert isinstance(unfinished, list)
    assert [fault.unfinished for fault in unfinished] == [True, True]
    read = questionnaire_file.read("out.toml", finished(Path("out.toml")), TODAY)
    assert isinstance(read, tuple), read
    return read


def method(file: Path) -> Method:
    import_method(file, Path("out.toml"))
    unfinished = method_file.read("out.toml", Path("out.toml").read_bytes())
    assert isinstance(unfinished, list)
    assert [fault.unfinished for fault in unfinished] == [True]
    read = method_file.read("out.toml", finished(Path("out.toml")))
    assert isinstance(read, Method), read
    return read


class TestQuestionnaires:
    def test_the_published_one_has_the_same_structure(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        before, after = questionnaires(twin("mestringsgruppe_sporreskjema"))
        said = capsys.readouterr().out

        own = [item for item in after.items if item.way == "one" and item.id.startswith("i")]
        assert [item.id for item in own] == [f"i{n}" for n in range(1, 40)]
        both = [item.id for item in before.items if item.way == "one" and item.id[0] == "i"]
        assert both == [f"i{n}" for n in range(1, 29)]
        assert [item.values for item in own[::9]] == [
            *[(1, 2, 3, 4)] * 3,  # items 1, 10 and 19
            (1, 2, 3, 4, 5, 6),
            (1, 2, 3),
        ]
        assert before.blocks[0].background
        assert len(before.blocks[0].items) == 6
        assert "tilfredshet_29_32: 4 items, after: Ikke glad" in said
        assert "(Vet ikke)" in said
        assert "left out, another wording: utbytte_8" in said
        assert "Defects of the source, which stay as they are (11):" in said
        assert "oracles (line 325)" in said

    def test_the_published_assessment_scores_and_sums_as_printed(self) -> None:
        (check,) = questionnaires(twin("kvalitetsveileder"))
        (total,) = check.sums

        assert len(check.items) == len(check.blocks) == 16
        assert check.item("i1").scores == (1, 2, 3, 4, 5)
        assert check.item("i3").scores == (None, 1, 2, 3, 4, 5)
        assert check.item("i15").scores == (1, 2, 3, 4, 5, None)
        assert check.item("i16").values == (1, 2, 3, 4, 5)
        for score, name in ((48, "Lite"), (49, "Godkjent"), (60, "Godkjent"), (61, "God ")):
            band = total.band(score)
            assert band is not None
            assert band.text["nb"].startswith(name)
        for score in (72, 73):
            band = total.band(score)
            assert band is not None
            assert band.text["nb"].startswith("Meget god") == (score == 73)

    def test_conditions_reversed_items_and_answers_without_a_number(self) -> None:
        (form,) = questionnaires(written(BLOCK))

        assert [item.reversed for item in form.items] == [False, True]
        assert [option.value for option in form.items[0].options] == [1, 2, None]
        when = form.items[1].when
        assert when is not None
        assert (when.item, when.answers) == ("i1", ("2",))

    def test_a_small_assessment(self) -> None:
        (check,) = questionnaires(written(SCORES))

        assert check.item("i1").scores == (1, 2, 3)
        assert [option.value for option in check.item("i2").options] == [1, 2, 3]

    def test_many_items_long_titles_and_free_texts_find_room(self) -> None:
        text = "text,scale,block\n" + "".join(
            f"Statement number {n},No | Yes,{'A long heading ' * 10}\n" for n in range(60)
        )
        (form,) = questionnaires(written(text, "many.csv"))

        assert [len(block.items) for block in form.blocks] == [25, 25, 10]
        assert form.blocks[0].title["nb"] == "Del 1"
        assert form.blocks[0].intro["nb"].startswith("A long heading")
        asking = BLOCK.replace("wait and see,", "wait and see, free_text_after: {text: Why?},")
        Path("out.toml").unlink()
        (form,) = questionnaires(written(f"{asking}    free_text_after: {{text: More?}}\n"))
        assert [item.way for item in form.items] == ["one", "one", "text", "text"]

    def test_background_without_options_is_answered_in_words(self) -> None:
        background = (
            "background: {items: [{id: a, text: Where?}, {id: b, text: So?, options: [Y, N]}]}"
        )
        (form,) = questionnaires(written(f"{BLOCK}{background}\n"))

        assert [item.way for item in form.blocks[0].items] == ["text", "one"]

    @pytest.mark.parametrize("language", ["nn", "en"])
    def test_other_languages(self, language: str) -> None:
        (form,) = questionnaires(written(f"{BLOCK}language: {language}\n"))

        assert form.languages == (language,)

    def test_the_file_is_called_after_the_instrument(self) -> None:
        import_questionnaire(written(BLOCK), None, TODAY)

        assert Path("form.toml").is_file()


class TestMethods:
    @pytest.mark.parametrize(
        ("name", "phases", "roles"),
        [
            ("kritisk_hendelse", 5, 0),
            ("los_fokusgruppe", 14, 0),
            ("metasamtale", 12, 0),
            ("meningsskaping_guider", 14, 2),
            ("samarbeid_guider", 23, 2),
            ("veiledningsforum", 7, 0),
            ("refleksjonssamtale", 4, 0),
            ("mestringsgruppe_dreiebok", 10, 0),
        ],
    )
    def test_the_published_ones(self, name: str, phases: int, roles: int) -> None:
        read = method(twin(name))

        assert (len(read.phases), len(read.roles)) == (phases, roles)

    def test_the_script_of_the_reflection_group(self) -> None:
        read = method(twin("mestringsgruppe_dreiebok"))
        frame = read.frame

        assert (frame.min_size, frame.max_size, frame.minutes) == (4, 8, 90)
        assert (frame.meetings, frame.interval_days) == (3, 14)
        assert [phase.first_meeting for phase in read.phases] == [1, 2, 1, 1, 1, 1, 1, 1, 1, 1]
        assert "Unngå: Svar og ferdige planer" in read.phases[5].script["nb"]

    def test_the_published_log_form(self) -> None:
        read = method(twin("mestringsgruppe_loggskjema"))

        assert [len(part.fields) for part in read.forms["form"].parts] == [6, 1, 2]
        assert [type(phase.does) for phase in read.phases] == [FillIn]

    def test_more_questions_than_a_meeting_has_room_for(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(StudyRefused, match="does not fit into a file of ours"):
            import_method(twin("meningsskaping_sporsmal"), None)

        assert "There are 49 of `phases`. There may be 40: remove some." in capsys.readouterr().err
        assert not Path("meningsskaping_sporsmal.toml").exists()

    def test_what_all_roles_are_asked_alike_comes_once(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        read = method(written(GUIDES))

        assert [(phase.acts, phase.title["nb"]) for phase in read.phases[1:-1]] == [
            ("everyone", "Why?"),
            ("adviser", "What do managers do?"),
            ("adviser", "And you?"),
            ("manager", "What do advisers do?"),
        ]
        assert isinstance(read.phases[0].does, Inform)
        assert isinstance(read.phases[1].does, Round)
        assert "shared in words of their own: others" in capsys.readouterr().out

    def test_roles_whose_ids_mean_something_else(self) -> None:
        read = method(written(GUIDES.replace("id: adviser", "id: owner")))

        assert [role.id for role in read.roles] == ["r1", "manager"]

    def test_a_small_script(self) -> None:
        read = method(written(f"{STEPS}language: en\n"))

        assert read.phases[0].script["en"] == "All tell\n\nAvoid: Advice"
        assert "# when: meeting" in Path("out.toml").read_text("utf-8")
        assert read.frame.meetings == 2

    def test_a_table_of_questions(self) -> None:
        read = method(written("role,text\nA,Why?\nB,How?\n", "Our guide.csv"))

        assert read.id == "our-guide"
        assert [role.id for role in read.roles] == ["a", "b"]

    @pytest.mark.parametrize(
        "text", ['What is "this"\\?', "Back\\slash, # and = and [x]", "«æøå» 🦊" * 60]
    )
    def test_any_text_comes_through(self, text: str) -> None:
        asked = {"id": "a", "title": "A", "questions": [{"text": text}]}
        read = method(written(json.dumps(asked, ensure_ascii=False)))

        assert read.phases[1].script["nb"] == text


class TestRefusals:
    @pytest.mark.parametrize(
        ("run", "text", "command"),
        [
            (import_method, BLOCK, "questionnaire"),
            (import_method, SCORES, "questionnaire"),
            (lambda file, out: import_questionnaire(file, out, TODAY), STEPS, "method"),
        ],
    )
    def test_another_kind_is_shown_the_way(
        self, run: Callable[[Path, Path | None], None], text: str, command: str
    ) -> None:
        with pytest.raises(StudyRefused, match=f"kollegial {command} import FILE"):
            run(written(text), None)

    def test_a_file_that_exists_is_left_alone(self) -> None:
        Path("round.toml").write_text("mine", "utf-8")
        with pytest.raises(CannotHold, match="exists already and is unchanged"):
            import_method(written(STEPS), None)

        assert Path("round.toml").read_text("utf-8") == "mine"

    def test_a_bad_file(self) -> None:
        with pytest.raises(BadFile, match="names a value to repeat it"):
            import_method(written("a: &a 1\n"), None)
