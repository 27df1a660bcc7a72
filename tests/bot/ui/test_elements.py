"""What every card has in common."""

from bot.gateway.events import Json
from bot.ui.elements import card, choice, informed, listing, paragraph, refilled
from dialogs.studies.study import Information

TEXT = "Dette er en prøve.\n\nMå jeg? Nei.\n\nHvem er jeg? Et {teams: pseudonym}{link: tall}."


def test_a_date_that_a_text_begins_with_begins_no_list() -> None:
    fact = {"title": "Frist", "value": "28. februar 2027"}
    inner = {"type": "Container", "items": [paragraph("1. mai\n2. tredje")]}
    drawn = card([{"type": "FactSet", "facts": [fact]}, inner, paragraph("kl. 9, 3. juni")])

    facts, container, last = drawn["body"]
    assert facts["facts"][0]["value"] == "28\\. februar 2027"
    assert container["items"][0]["text"] == "1\\. mai\n2. tredje"
    assert last["text"] == "kl. 9, 3. juni"


def test_a_list_in_a_methods_words_is_one_and_all_else_is_plain() -> None:
    text = "Slik er det:\n- å *lytte* - nå\n- å spørre\nOg så - hva?"

    assert listing(text) == ("Slik er det:\n\n- å \\*lytte\\* \\- nå\n- å spørre\n\nOg så \\- hva?")


def test_a_field_is_filled_in_again_with_what_it_can_hold_and_else_as_it_was() -> None:
    fields: list[Json] = [
        {"type": "Input.Toggle", "id": "open", "value": "false"},
        {"type": "Input.Toggle", "id": "sure", "valueOn": "yes", "valueOff": "no", "value": "no"},
        {"type": "Input.ChoiceSet", "id": "role", "choices": [choice("A", "a")], "value": "a"},
        {"type": "Input.Text", "id": "said", "value": ""},
    ]

    def values(given: dict[str, str]) -> list[str]:
        return [each["value"] for each in refilled(card(fields), given)["body"]]

    assert values({"open": "true", "sure": "yes", "role": "", "said": "x"}) == [
        "true", "yes", "", "x",
    ]  # fmt: skip
    wrong = dict.fromkeys(("open", "sure", "role", "said"), "finnes-ikke")
    assert values(wrong) == ["false", "no", "a", "finnes-ikke"]


def test_information_is_folded_under_its_questions_but_for_what_all_must_see() -> None:
    information = Information("1", {"nb": TEXT})
    first, may, answer, who, word = informed(information.sections("nb", "teams"))

    assert first["text"] == "Dette er en prøve."
    assert (may["selectAction"]["title"], answer["isVisible"]) == ("Må jeg?", False)
    assert (who["selectAction"]["title"], word["isVisible"]) == ("Hvem er jeg?", True)
    assert [each.text for each in information.sections("nb", "link")][-1] == "Et tall."
