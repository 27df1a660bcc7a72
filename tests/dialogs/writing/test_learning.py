"""The table of weights is made of the labelled sentences, and of nothing else."""

from pathlib import Path

import pytest

from dialogs.writing import learning
from dialogs.writing.examples import NOBODYS, Example, examples, learned, likeliest
from dialogs.writing.folding import words_of
from dialogs.writing.synonyms import subjects, written

SENTENCES = [
    Example("both", ("who_sees",), "hvem ser svarene mine"),
    Example("both", ("who_sees",), "hvem leser svarene våre"),
    Example("together", ("next",), "kan vi gå videre nå"),
    Example("together", ("next",), "da går vi videre"),
    Example("alone", ("resume", "study"), "gå videre med skjemaet"),
    Example("both", (NOBODYS,), "hvem ser på fotball nå"),
    Example("both", (NOBODYS,), "da ser vi på saken"),
]


def test_the_weights_are_of_the_sentences_that_stand_there() -> None:
    """Where this fails: `make weights`."""
    stored = Path(learning.__file__).with_name("weights.csv").read_text("utf-8")

    assert stored.splitlines()[0] == f"of these tables;digest;{learning.digest()}"


def test_what_was_labelled_is_learned_and_each_place_has_its_own() -> None:
    weights = learning.learn(SENTENCES, rounds=20)

    for each in SENTENCES:
        for place in ("alone", "together") if each.place == "both" else (each.place,):
            scores = weights.scores(words_of(each.sentence), place)
            assert max(scores, key=lambda meaning: scores[meaning]) in each.meanings
    assert "next" not in weights.scores(["videre"], "alone")


def test_the_same_sentences_make_the_same_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "examples", lambda: tuple(SENTENCES))

    learning.main(tmp_path / "one.csv")
    learning.main(tmp_path / "other.csv")

    made = (tmp_path / "one.csv").read_text("utf-8")
    assert made == (tmp_path / "other.csv").read_text("utf-8")
    assert "together;here;next;none;who_sees" in made


def test_every_sentence_has_a_meaning_that_is_learned() -> None:
    assert all(
        set(each.meanings) <= learned().here[place]
        for each in examples()
        for place in ("alone", "together")
        if each.place in (place, "both")
    )


def test_words_that_no_sentence_has_say_nothing() -> None:
    assert all(lead == 0 for _, lead in likeliest(["xyzzy"], is_personal=True))
    assert learned().here["alone"] != learned().here["together"]


def test_a_spoken_form_is_read_as_it_is_written() -> None:
    assert written(words_of("kem e æ")) == ["hvem", "er", "jeg"]


def test_words_side_by_side_are_about_something_together() -> None:
    about = subjects(words_of("vi vil runde av"))

    assert "finish" in about[2]
    assert "finish" not in subjects(["runde"])[0]
