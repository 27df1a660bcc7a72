"""Random offices keep what the guides promise of time, and the rules find what does not.

`make torture` plays sixty offices of forty people for a year, and six with a mistake in the
code; `make test` a few small ones.
"""

import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from cli.app import app
from dialogs.groups.group import Group, Meeting
from dialogs.groups.reminders import Send
from dialogs.groups.signup import Membership
from dialogs.groups.working_hours import Quiet, is_working_day, working_days_from
from simulation.office import days
from simulation.office.history import History, Offered, Part, Span, Talk, Told
from simulation.office.playing import OfficeScenario, simulate_office
from simulation.office.rules import RULES, faults
from storage.operational.preferences import Preferences
from tests.support.databases import NewDatabase

TORTURE = bool(os.environ.get("TESTS_TORTURE"))
OFFICES = (
    [OfficeScenario(seed) for seed in range(1, 61)]
    if TORTURE
    else [OfficeScenario(5, people=8, since=date(2027, 10, 18), days=20, wholly=0)]
)
DOCS = Path(__file__).parents[2] / "docs"
OSLO, TOKYO = ZoneInfo("Europe/Oslo"), ZoneInfo("Asia/Tokyo")
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
STARTS = datetime(2027, 1, 21, 12, tzinfo=UTC)


async def test_an_office_of_eight_keeps_every_sentence(
    new_database: NewDatabase, tmp_path: Path
) -> None:
    """Over Easter and the change of the clocks."""
    scenario = OfficeScenario(3, people=8, since=date(2027, 3, 8), days=25, wholly=0)
    history = await simulate_office(scenario, tmp_path, await new_database(), await new_database())

    assert faults(history) == []
    # What comes by the clock comes at every tenth second, and nobody does anything just then.
    acts = [at for course in history.chosen.values() for at, _ in course.changes]
    assert acts
    assert all(at.second % 10 for at in acts)
    kinds = {part.kind for told in history.told for part in told.parts}
    assert kinds >= {"log_form", "day_before", "soon"}
    assert history.left == []


@pytest.mark.torture
@pytest.mark.parametrize("scenario", OFFICES, ids=lambda scenario: str(scenario.seed))
async def test_offices_keep_every_sentence(scenario: OfficeScenario, tmp_path: Path) -> None:
    assert faults(await simulate_office(scenario, tmp_path)) == []


def test_the_command_says_what_was_kept() -> None:
    line = ["simulate", "office", "--people", "6", "--days", "20"]
    result = CliRunner().invoke(app, line, env={"COLUMNS": "120"})

    assert result.exit_code == 0, result.output
    assert "sentences of the guides on time were kept" in result.output


REAL: dict[str, tuple[str, object, str]] = {
    "no door": ("bot.reminders.service.tell", lambda *_, **__: Send(), "til du er på jobb"),
    "reminders at any hour": (
        "bot.reminders.service.decide",
        lambda *_: Send(),
        "til du er på jobb",
    ),
    "no holidays": (
        "dialogs.groups.working_hours.is_working_day",
        lambda day: day.weekday() < 5,
        "aldri på helligdager",
    ),
    "a day for any number": (
        "storage.operational.preferences.fits",
        lambda *_: True,
        "én melding om dagen",
    ),
    "seats for two days": (
        "dialogs.groups.signup.answer_by",
        lambda now, *_: now + 12 * DAY,
        "ikke lenger enn til møtet",
    ),
    "anybody can be asked": (
        "bot.colleagues.service.can_be_asked",
        lambda *_, **__: True,
        "kan ikke velges",
    ),
    "nothing is forgotten": (
        "bot.sessions.service.SessionService._forget",
        lambda *_: None,
        "natta etter er",
    ),
    "who has left": (
        "dialogs.groups.reminders._concerned",
        lambda group, *_: {"nobody", group.facilitator},
        "Når du er med i en gruppe",
    ),
}


@pytest.mark.torture
@pytest.mark.parametrize("mistake", REAL if TORTURE else ["reminders at any hour"])
async def test_a_mistake_in_the_code_is_found(
    mistake: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, wrong, sentence = REAL[mistake]
    monkeypatch.setattr(name, wrong)
    people, length = (24, 90) if TORTURE else (8, 20)
    since = date(2027, 3, 1)
    scenario = OfficeScenario(3, people=people, since=since, days=length, wholly=0)
    found = faults(await simulate_office(scenario, tmp_path))

    assert any(sentence in fault.partition("»")[0] for fault in found), found[:10]


# The guides

_OF_TIME = re.compile(
    r"\b(dag|dager|dagen|uke|uker|minutter|time|timen|klokk\w*|arbeidstid\w*|stille tid"
    r"|helligdag\w*"
    r"|pause[rn]?|påminnels\w*|minner|frist\w*|melding\w*|beskjed|tidspunkt\w*|slettet|slettes"
    r"|morgen|virkedag|arbeidsdag\w*|samme dag|flyttet|avlyst)\b",
    re.IGNORECASE,
)


def sentences(guide: str) -> list[str]:
    text = (DOCS / f"{guide}.md").read_text("utf-8")
    return [
        sentence.strip()
        for line in text.splitlines()
        for sentence in re.split(r"(?<=[.!?])\s+(?=[A-ZÆØÅ`*])", line)
        if sentence.strip()
    ]


@pytest.mark.parametrize("guide", ["deltaker", "fasilitator"])
def test_every_sentence_on_time_has_its_rule(guide: str) -> None:
    """Or stands among those that say nothing of when a message comes or what has its end."""
    told = [rule.sentence for rule in RULES if rule.guide == guide]
    text = (DOCS / f"{guide}.md").read_text("utf-8")
    for sentence in told:
        assert sentence in text, sentence
    without = [
        sentence
        for sentence in sentences(guide)
        if _OF_TIME.search(sentence)
        and not any(rule in sentence or sentence in rule for rule in told)
        and not any(known in sentence for known in NOT_OF_WHEN)
    ]
    assert without == []


NOT_OF_WHEN = (
    *("Vil du ta en pause, noterer", "Den står på den første siden", "Trykk **Ta pause** når"),
    *("Alle kan ta en **Pause**", "## Påminnelser", "Trykk **Velg time**", "Der kan du velge"),
    *("ser hvem som har valgt hva", "Da slettes det, også i lista", "Å ha valgt en time sier"),
    *("| `timer` |", "Påminnelser går til alle", "Et svar du trekker", "hvor lang tid det tar"),
    *("har ingen medleder", "teller ikke lenger med blant de ti"),
    *("Kollegial teller hvor mange", "Når en gruppe slettes, blir det stående"),
    *("ikke tar vare på noe, telles ikke", "Det er et tall uten gruppe"),
    *("**Over flere dager** holder", "Klokka er bare til hjelp", "<img", "| **Hopp over"),
    *("| **Tid, ord", "| **Fortsett**", "**Dere rekker det ikke**", "Trykk **Fortsett** en annen"),
    *(
        "### Over flere dager",
        "Trenger dere mer tid",
        "@Kollegial planlegg",
        "gjort når du trykker",
    ),
    *("Det du ikke skriver", "«En gang i måneden»", "står det på kortet", "**avslutte** gruppa"),
    *("Du trenger ikke å gjøre noe", "hvor lenge en time varer", "60 minutter og 12 plasser"),
    *("Et tidspunkt uten dato", "De kan også be om", "Da får du beskjed", "**gi en egen time**"),
    *("### En melding til", "Da ser du meldingen", "Skriver du slikt i en melding"),
    *("er det slettet med én gang", "Kvitteringen sier", "Det som står i Teams, må slettes"),
    *("| | `@Kollegial pause`", "| **Bytt til**", "- **flytte** et møte: kortet sier"),
    *("Forskeren får den samme lenken",),
    *("Den som har møtt opp", "Når studien lukkes", "## Påminnelser og stille tid"),
    "Det gjelder også etter det siste møtet",
    *("Påminnelsen etter et møte, og den noen", "Kortet ligger i chatten i Teams, også når"),
    *("### Fem minutter", "`@Kollegial fem minutter`", "Det tar ti–femten minutter"),
    *("Teams kan ta vare på eldre utgaver", "Fem minutter, før samtalen og to i"),
    *("Det går like godt når samtalen er over", "skriver du `fem minutter`, `før samtalen` eller"),
    "ta pause med `pause`, eller slå av",
    *("Kortet sier hvor timene er", "på samme tid, får du vite det"),
    *("Tar den som driver serveren, sikkerhetskopier",),
    *("| `fem minutter` |", "Fem minutter, før samtalen og to i samtalen kan også begynne"),
    *(
        "Da er det du som leder: vent",
        "I en metode uten fasilitator",
    ),
    *("**Et sammendrag å ta med.**", "kan lese fila i sju dager", "Trykker du der, blir alle som"),
    *("Der står det dere ble enige om, og det som kom i", "Påminnelsen etter **Senere** teller"),
    *("Bruker gruppa et spørreskjema", "Flyttes det første møtet med flere uker"),
    *("Den som har tatt pause, har slått slike", "Blir dere mange nok først i dag"),
    *("Er alle møtene tatt, venter den", "Til da ser de bare hvor mange"),
    *("Du kan flytte saken til et", "Det får du også når møtet blir flyttet"),
    *("Når saken er tatt opp", "Svarer du ikke, får ingen vite det", "Trekker du den, er det du"),
    *("Du blir minnet på møtet arbeidsdagen før, og", "Noen uker etter", "Da er saken slettet."),
    *("Avslutter du gruppa, får alle som", "Panelet ser spørsmålet, og hvor mye"),
    *("der står spørsmålene som har plass", "| `kø` |"),
    *("Vent derfor et par dager med det", "En øving og en samtale du har begynt i din egen"),
)
"""They tell what a button does, how something is written, or of studies; of notes, five minutes
and rehearsals, which leave nothing, `tests/bot/notes`, `test_five_minutes.py`,
`tests/bot/colleagues` and `test_rehearsals.py` see to it; of a summary `test_summary.py`, of a
group's questionnaire `test_questionnaire_of_a_series.py`, of `slett` `test_under_way.py`, of a
panel's queue `tests/bot/cases`."""


# Days, reckoned twice


def test_the_days_are_those_of_the_product() -> None:
    """Two ways to reckon them agree, from the 1990s on."""
    day = date(1990, 1, 1)
    while day < date(2060, 1, 1):
        assert days.is_working(day) == is_working_day(day), day
        day += DAY
    for count in (-3, -1, 1, 4):
        assert days.working(date(2027, 3, 24), count) == working_days_from(date(2027, 3, 24), count)


# The rules find what is wrong


def a_group(**changes: object) -> Group:
    meeting = Meeting(1, STARTS, 90, id="m1")
    group = Group(
        name="Gruppe 1",
        method="veiledningsgruppe",
        language="nb",
        timezone="Europe/Oslo",
        conversation={},
        place="19:chat",
        facilitator="anne",
        size_min=4,
        size_max=8,
        created=date(2027, 1, 1),
        used=date(2027, 1, 1),
        retention=date(2027, 4, 21),
        id="g",
        members=(Membership("kari", "Kari", since=STARTS - 20 * DAY), Membership("yui", "Yui")),
        meetings=(meeting, Meeting(2, STARTS + 28 * DAY, 90, id="m2")),
    )
    return replace(group, **changes)  # type: ignore[arg-type] # tests name what they change


def told(at: datetime, kind: str, person: str = "kari", occasion: str = "m1") -> Told:
    zone = TOKYO if person == "yui" else OSLO
    clock = f"kl. {STARTS.astimezone(zone):%H:%M} ({zone.key})"
    said = f"Fra gruppa «Gruppe 1».\n{clock}\nUtsett\nSlå av slike påminnelser\nTa pause"
    return Told(at, person, (Part(kind, "g", occasion),), said)


RIGHT = {
    "invitation": datetime(2027, 1, 14, 8, 0, 30, tzinfo=OSLO),
    "log_form": datetime(2027, 1, 19, 8, 0, 10, tzinfo=OSLO),
    "day_before": datetime(2027, 1, 20, 8, tzinfo=OSLO),
    "soon": STARTS - 10 * MINUTE,
    "try": STARTS + 90 * MINUTE,
}


def a_history() -> History:
    """A month in which Kari got all there was to get, and Yui what comes to her."""
    history = History(
        {"kari": OSLO, "yui": TOKYO, "anne": OSLO},
        begins=STARTS - 30 * DAY,
        ends=STARTS + 8 * DAY,
    )
    history.groups["g"].note(STARTS - 25 * DAY, a_group())
    history.told += [told(at.astimezone(UTC), kind) for kind, at in RIGHT.items()]
    for kind, at in RIGHT.items():
        local = at.astimezone(TOKYO)
        morning = local.replace(hour=8, minute=0)
        when = {"soon": at, "try": morning + DAY}.get(kind, morning)
        history.told.append(told(when.astimezone(UTC), kind, "yui"))
    history.told.append(told(RIGHT["day_before"].astimezone(UTC), "day_before", "anne"))
    history.told.append(told(RIGHT["soon"], "soon", "anne"))
    history.told.sort(key=lambda each: each.at)
    return history


def test_nothing_is_wrong_with_what_is_right() -> None:
    assert faults(a_history()) == []


def without(kind: str) -> Callable[[History], None]:
    def plant(history: History) -> None:
        kept = [t for t in history.told if (t.person, t.parts[0].kind) != ("kari", kind)]
        history.told[:] = kept

    return plant


def at(kind: str, moment: datetime) -> Callable[[History], None]:
    """It comes at another time."""

    def plant(history: History) -> None:
        without(kind)(history)
        history.told.append(told(moment.astimezone(UTC), kind))

    return plant


def also(kind: str, moment: datetime, person: str = "kari") -> Callable[[History], None]:
    return lambda history: history.told.append(told(moment.astimezone(UTC), kind, person, ""))


def changed(moment: datetime, **changes: object) -> Callable[[History], None]:
    return lambda history: history.groups["g"].note(moment, a_group(**changes))


def chosen(**choices: object) -> Callable[[History], None]:
    """As they had chosen long before."""
    wanted = Preferences(**choices)  # type: ignore[arg-type] # tests name what they choose
    return lambda history: history.chosen["kari"].note(STARTS - 28 * DAY, wanted)


def moved(history: History) -> None:
    meetings = (Meeting(1, STARTS, 90, 1, id="m1"), *a_group().meetings[1:])
    history.groups["g"].note(STARTS - 24 * DAY, a_group(meetings=meetings))
    history.changed.append((STARTS - 24 * DAY, "moved", "g", "m1"))


def moved_told_twice(history: History) -> None:
    moved(history)
    for person in ("kari", "yui", "kari"):
        history.told.append(told(STARTS - 24 * DAY, "moved", person))


def slow(history: History) -> None:
    history.talks["g"].note(STARTS, Talk(1, "days"))
    history.posted.append((datetime(2027, 1, 23, 10, tzinfo=OSLO).astimezone(UTC), "g", "Del 2"))


def quiet(history: History) -> None:
    hours = Quiet(STARTS.time().replace(hour=7), STARTS.time().replace(hour=9))
    history.quiet["g"].note(STARTS - 28 * DAY, hours)


def never_gone(history: History) -> None:
    history.ends = STARTS + 140 * DAY


def gone_too_soon(history: History) -> None:
    history.groups["g"].note(STARTS + 3 * DAY, None)


def seat_beyond(history: History) -> None:
    asked = Membership("siri", "Siri", "asked", STARTS + DAY)
    moment = datetime(2027, 1, 20, 14, tzinfo=OSLO).astimezone(UTC)
    history.zones = {**history.zones, "siri": OSLO}
    history.groups["g"].note(moment, a_group(members=(*a_group().members, asked)))
    history.told.append(replace(told(moment, "asked", "siri", ""), text="fram til kl. 13:00"))


def seat_for_ever(history: History) -> None:
    asked = Membership("siri", "Siri", "asked", STARTS - 3 * DAY)
    history.groups["g"].note(STARTS - 4 * DAY, a_group(members=(*a_group().members, asked)))
    later = Membership("siri", "Siri", "asked", STARTS - 3 * DAY)
    more = a_group(members=(*a_group().members, later), version=1)
    history.groups["g"].note(STARTS - 2 * DAY, more)


def early(history: History) -> None:
    meetings = (replace(a_group().meetings[0], state="held"), a_group().meetings[1])
    history.groups["g"].note(STARTS - 12 * MINUTE, a_group(meetings=meetings))


def unnamed_zone(history: History) -> None:
    history.told[:] = [replace(t, text=t.text.replace("Asia/Tokyo", "")) for t in history.told]


def phase_twice(history: History) -> None:
    history.talks["g"].note(STARTS, Talk(1, "days"))
    for n in (1, 4):
        moment = datetime(2027, 1, 21 + n, 10, tzinfo=OSLO).astimezone(UTC)
        history.told.append(told(moment, "phase", "kari", ""))


def form_left(history: History) -> None:
    history.forms.append((STARTS + 30 * DAY, 1))


TEN = datetime(2027, 1, 12, 10, tzinfo=OSLO).astimezone(UTC)
"""Kari is at work, and it is evening in Tokyo."""


def offered(titles: dict[str, str], asked: tuple[str, ...] = ()) -> Callable[[History], None]:
    def plant(history: History) -> None:
        history.zones = {**history.zones, "siri": OSLO}
        history.offered.append(Offered(TEN, "kari", titles, asked))

    return plant


def questions(*wanted: tuple[str, str, str]) -> Callable[[History], None]:
    """Who got a question, of which kind, and of which talk."""

    def plant(history: History) -> None:
        history.zones = {**history.zones, "siri": OSLO}
        history.offered.append(Offered(TEN, "kari", {}, ("siri", "yui")))
        for n, (person, kind, of) in enumerate(wanted):
            at = TEN + n * MINUTE
            history.told.append(Told(at, person, (Part(kind, of),), "Har du tid?"))

    return plant


def themes_taken_back(history: History) -> None:
    history.themes["anne"].note(TEN - DAY, "turnus")
    history.themes["anne"].note(TEN - 60 * MINUTE, "")
    group = a_group(members=(*a_group().members, Membership("anne", "Anne")))
    history.groups["g"].note(TEN - 2 * DAY, group)
    history.offered.append(Offered(TEN, "kari", {"anne": "Anne – spør meg gjerne om: turnus"}))


def talk_for_ever(history: History) -> None:
    history.unkept["t"].note(TEN - 16 * DAY, a_group(id="t", place="apart:a:1"))


def talk_that_stays(history: History) -> None:
    history.unkept["t"].note(TEN - DAY, a_group(id="t", place="apart:a:1"))
    history.unkept["t"].note(TEN + 4 * DAY, None)
    history.over.append((TEN - DAY, "t"))


PLANTED: dict[str, tuple[Callable[[History], None], str]] = {
    "at five at night": (also("phase", datetime(2027, 1, 12, 5, tzinfo=OSLO)), "til du er på jobb"),
    "on Maundy Thursday": (also("asked", datetime(2027, 3, 25, 12, tzinfo=OSLO)), "helligdager"),
    "on a Saturday": (also("few", datetime(2027, 1, 16, 0, 30, tzinfo=OSLO)), "til du er på jobb"),
    "in the night of Tokyo": (also("lapsed", STARTS + 5 * timedelta(hours=1), "yui"), "på jobb"),
    "in a pause": (chosen(paused_until=date(2027, 1, 15)), "En pause gjelder overalt"),
    "what was switched off": (chosen(off=frozenset({"log_form"})), "hvilke påminnelser"),
    "in quiet hours": (quiet, "skriver Kollegial ikke til noen"),
    "two on a day": (also("added", datetime(2027, 1, 20, 9, tzinfo=OSLO)), "én melding om dagen"),
    "the same twice": (also("day_before", datetime(2027, 1, 20, 9, tzinfo=OSLO)), "én melding"),
    "what nobody knows": (also("unknown", STARTS - 10 * DAY), "uoppfordret"),
    "never planned anew": (without("day_before"), "arbeidsdagen før"),
    "no form to prepare with": (without("log_form"), "to arbeidsdager før"),
    "no ten minutes before": (without("soon"), "kommer alltid i tillegg"),
    "nothing after it": (without("try"), "etter møtet"),
    "twelve days before": (at("invitation", datetime(2027, 1, 8, 8, tzinfo=OSLO)), "en uke før"),
    "an hour late": (at("soon", STARTS + 50 * MINUTE), "ti minutter før"),
    "in its first part": (at("try", STARTS + 20 * MINUTE), "etter møtet"),
    "to who was not there": (
        changed(
            STARTS - 11 * MINUTE,
            members=(Membership("kari", "Kari", since=STARTS + DAY), Membership("yui", "Yui")),
        ),
        "etter møtet",
    ),
    "to who has left": (changed(STARTS - 2 * DAY, members=()), "Når du er med i en gruppe"),
    "of a cancelled meeting": (
        changed(STARTS - DAY, meetings=(Meeting(1, STARTS, 90, 1, "cancelled", id="m1"),)),
        "Når du er med i en gruppe",
    ),
    "soon, when it has begun": (early, "ti minutter før"),
    "moved, and not told": (moved, "Så får alle beskjed én gang"),
    "moved, and told twice": (moved_told_twice, "Så får alle beskjed én gang"),
    "moved, and it was not": (also("moved", STARTS - DAY), "Så får alle beskjed én gang"),
    "a questionnaire in between": (also("questionnaire", STARTS - 2 * DAY), "én gang hver"),
    "a zone without its name": (unnamed_zone, "etter din egen klokke"),
    "a phase on a Saturday": (slow, "til fristen på kortet"),
    "reminded twice of one session": (phase_twice, "én gang i løpet av samtalen"),
    "a seat beyond the meeting": (seat_beyond, "ikke lenger enn til møtet"),
    "a seat for ever": (seat_for_ever, "Etter det blir nestemann spurt"),
    "a group for ever": (never_gone, "Nitti dager"),
    "a group gone too soon": (gone_too_soon, "Nitti dager"),
    "a log form for ever": (form_left, "slettet noen dager etter"),
    "a colleague of no group": (offered({"siri": "Siri"}), "blant dem du er i gruppe med"),
    "a colleague in the evening": (offered({"yui": "Yui"}), "kan ikke velges"),
    "two of two groups": (
        questions(("siri", "colleague", "t"), ("yui", "colleague", "t")),
        "alle tre være i én og samme gruppe",
    ),
    "asked four times": (
        questions(*(("siri", "colleague", f"t{n}") for n in range(4))),
        "høyst tre ganger om dagen",
    ),
    "asked at five at night": (
        also("colleague", datetime(2027, 1, 12, 5, tzinfo=OSLO)),
        "bare når du er på jobb",
    ),
    "reminded twice of a question": (
        questions(("siri", "colleague", "t"), *(("siri", "again", "t"),) * 2),
        "minnet på det én gang",
    ),
    "themes that were taken back": (themes_taken_back, "ta det bort når du vil"),
    "a talk for ever": (talk_for_ever, "etter ti dager"),
    "a talk that is over stays": (talk_that_stays, "natta etter er det slettet"),
    "a rehearsal is heard of": (lambda h: h.leaked.append("kari"), "Ingen andre får vite om den"),
    "a row for ever": (lambda history: history.left.append("told: 1 rows"), "alt annet"),
}


@pytest.mark.parametrize("mistake", PLANTED)
def test_whatever_is_wrong_is_found(mistake: str) -> None:
    plant, sentence = PLANTED[mistake]
    history = a_history()
    plant(history)
    history.told.sort(key=lambda each: each.at)

    found = faults(history)
    assert any(sentence in fault.partition("»")[0] for fault in found), found


def test_what_the_machine_could_not_do_is_no_fault() -> None:
    """It was down, or its clock was wrong."""
    for course in ("down", "wrong"):
        history = a_history()
        without("soon")(history)
        getattr(history, course).append(Span(STARTS - 11 * MINUTE, STARTS))
        assert faults(history) == []
