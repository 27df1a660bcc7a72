"""A note to oneself: of one meeting there is one, and it is read as long as it is kept."""

from dialogs.sessions.notes import Note, dump_note, load_note


def test_what_is_written_later_stands_below() -> None:
    assert Note("Spør først.").adding("Vent på svaret.").text == "Spør først.\nVent på svaret."


def test_a_note_is_read_as_it_was_written() -> None:
    note = Note("Spør først.", method="fem_minutter", state="tried", went="Fint.")

    assert load_note(dump_note(note)) == note


def test_a_note_from_before_is_its_text() -> None:
    assert load_note("Spør først.".encode()) == Note("Spør først.")
