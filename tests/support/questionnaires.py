"""Small questionnaires to test with, and the shipped ones."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from dialogs.studies import questionnaire_file
from dialogs.studies.items import Condition, Item, Option
from dialogs.studies.questionnaire import Band, Block, Questionnaire, Sum
from dialogs.studies.study import LANGUAGES, Information, TextByLanguage

SHIPPED = Path("methods/questionnaires")


def spoken(text: str) -> TextByLanguage:
    return {"nb": f"{text} nb", "nn": f"{text} nn", "en": f"{text} en"}


SCALE = (
    Option("1", spoken("aldri"), 1),
    Option("2", spoken("av og til"), 2),
    Option("3", spoken("alltid"), 3),
    Option("unknown", spoken("vet ikke")),
)
YES_NO = (Option("yes", spoken("ja")), Option("no", spoken("nei")))
ONCE = Questionnaire(
    id="skjema",
    title=spoken("Skjema"),
    languages=LANGUAGES,
    purpose=spoken("For å prøve."),
    minutes=5,
    information=Information("1", spoken("Frivillig.")),
    blocks=(
        Block(
            "about",
            spoken("Om deg"),
            (Item(id="role", text=spoken("Rolle?"), way="one", options=YES_NO),),
            background=True,
        ),
        Block(
            "work",
            spoken("Arbeidet"),
            (
                Item(id="calm", text=spoken("Rolig?"), way="one", options=SCALE),
                Item(id="stress", text=spoken("Travelt?"), way="one", options=SCALE, reversed=True),
                Item(
                    id="why",
                    text=spoken("Hvorfor?"),
                    way="text",
                    when=Condition("stress", ("3",)),
                    help=spoken("Med egne ord."),
                ),
            ),
            intro=spoken("Den siste uka."),
        ),
        Block(
            "more",
            spoken("Mer"),
            (
                Item(
                    id="means",
                    text=spoken("Hva har dere?"),
                    way="several",
                    options=(
                        Option("plan", spoken("plan")),
                        Option("team", spoken("team")),
                    ),
                    scores=(None, 1, 3),
                ),
                Item(id="else", text=spoken("Noe mer?"), way="text"),
            ),
        ),
    ),
    retention=date(2030, 12, 31),
    sums=(
        Sum(
            "ease",
            spoken("Ro"),
            ("calm", "stress"),
            (Band(2, spoken("lite")), Band(5, spoken("mye"))),
            shown=True,
        ),
    ),
)
"""Everything that a questionnaire can have, asked once."""
BEFORE = replace(ONCE, id="skjema-before", wave="before")
AFTER = replace(ONCE, id="skjema-after", wave="after", before="skjema-before")
ASKS = replace(
    ONCE,
    id="delt",
    sums=(),
    shares="text",
    blocks=(
        Block("shared", spoken("Tekst"), (Item(id="text", text=spoken("Teksten"), way="text"),)),
    ),
)
"""It asks for texts of sessions."""


def shipped(name: str, today: date = date(2026, 11, 1)) -> tuple[Questionnaire, ...]:
    """The questionnaires in a file of `methods/questionnaires`."""
    path = SHIPPED / f"{name}.toml"
    found = questionnaire_file.read(path.name, path.read_bytes(), today)
    assert isinstance(found, tuple), [str(fault) for fault in found]
    return found
