"""A note to oneself: of one meeting there is one, and it is read as long as it is kept."""

from datetime import date

from dialogs.sessions.notes import KeptNote, Note, comes_back, dump_note, load_note


def test_what_is_written_later_stands_below() -> None:
    assert Note("Spør først.").adding("Vent på svaret.").text == "Spør først.\nVent på svaret."


def test_a_note_is_read_as_it_was_written() -> None:
    note = Note("Spør først.", method="fem_minutter", state="tried", went="Fint.")

    assert load_note(dump_note(note)) == note


def test_a_note_from_before_is_its_text() -> None:
    assert load_note("Spør først.".encode()) == Note("Spør først.")


def a_note(meeting: int, group: str = "g", **changes: str) -> KeptNote:
    return KeptNote(group, meeting, date(2027, 1, 12), Note(f"{meeting}", **changes))  # type: ignore[arg-type] # tests name what they change


def test_the_newest_of_a_series_comes_back_that_nobody_let_lie() -> None:
    kept = [a_note(1), a_note(2, state="tried"), a_note(3, state="left"), a_note(-4)]

    assert comes_back(kept, "g") == kept[1]
    assert comes_back(kept, "g", before=2) == kept[0]
    assert comes_back(kept, "g", before=1) is None
    assert comes_back(kept, "another") is None
