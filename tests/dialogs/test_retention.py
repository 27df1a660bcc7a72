"""What goes with what, as the table has it."""

from dialogs.retention import aged, ending_with, holding_a_person, within


def test_a_group_takes_along_what_hangs_on_it_and_on_its_sessions() -> None:
    goes = [(kept.table, kept.kind, on) for kept, on in ending_with("group")]

    assert goes[0] == ("session_card", "", "session")
    assert goes.index(("session", "", "group")) > 0
    assert goes[-1] == ("peer_group", "", "group"), "itself, after everything else"
    assert {kind for table, kind, _ in goes if table == "own_page"} == {"form", "agreement"}
    assert [thing for thing, _ in within("group")] == ["session"]


def test_a_study_ends_in_both_databases() -> None:
    here = [kept.table for kept, _ in ending_with("study")]
    urn = [kept.table for kept, _ in ending_with("study", "urn")]

    assert here == ["picture", "publication", "talk", "invitation", "approval"]
    assert urn == ["draft", "submission", "withdrawal"]


def test_the_night_deletes_what_has_a_time_of_its_own() -> None:
    assert [kept.table + kept.kind for kept in aged()] == [
        "toldquestion",
        "told",
        "own_pageform",
        "own_pagenote",
        "queued_case",
        "outboxparked",
        "outboxsettled",
        "seen",
        "approvalstudy",
        "approvalmethod",
        "year_count",
        "audit",
    ]


def test_whoever_has_a_seat_a_role_or_a_form_is_remembered() -> None:
    tables = {kept.table for kept in holding_a_person()}
    assert tables >= {"membership", "role", "own_page", "appointment_choice"}
    assert not tables & {"person", "preference", "told", "audit"}
