"""A published guide or script as one of our method files.

Each question becomes a round, each step something that the bot says. What a
step should rather be (a vote, something written alone) nobody can tell from a
printed script: whoever imports it says so in the file (docs/methods.md).
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from dialogs.sessions.method import ACTORS, Frame
from dialogs.sessions.method_file import MAX_DAYS, MAX_MEETINGS, MAX_MINUTES, MAX_PROMPT, MAX_SCRIPT
from dialogs.sessions.state import MAX_MEMBERS, MIN_MEMBERS
from dialogs.toml.reader import MAX_QUESTION, MAX_TITLE
from research.instruments.shapes import (
    GuideShape,
    InstrumentDefect,
    Question,
    RoleShape,
    Script,
    StepShape,
)
from research.instruments.toml_text import Value, comment, pairs, shortened, table

MINUTES_A_QUESTION = 7
MAX_ID = 20
_SAID: Mapping[str, Mapping[str, str]] = {
    "nb": {
        "purpose": "IKKE FERDIG: Skriv hva metoden er til, og for hvem.",
        "welcome": "Velkommen",
        "welcomed": "Her er spørsmålene vi skal gjennom. Alle skal bli hørt, og det er frivillig.",
        "avoid": "Unngå",
        "end": "Er det noe mer?",
        "form": "Skriv for deg selv",
        "forms": "Fyll ut for deg selv.",
    },
    "nn": {
        "purpose": "IKKJE FERDIG: Skriv kva metoden er til, og for kven.",
        "welcome": "Velkomen",
        "welcomed": "Her er spørsmåla vi skal gjennom. Alle skal bli høyrde, og det er frivillig.",
        "avoid": "Unngå",
        "end": "Er det noko meir?",
        "form": "Skriv for deg sjølv",
        "forms": "Fyll ut for deg sjølv.",
    },
    "en": {
        "purpose": "NOT FINISHED: Write what the method is for, and for whom.",
        "welcome": "Welcome",
        "welcomed": "Here are the questions we go through. Everyone is heard, and it is voluntary.",
        "avoid": "Avoid",
        "end": "Anything else?",
        "form": "Write for yourself",
        "forms": "Fill it in for yourself.",
    },
}
_REMARKS = (
    "Imported. The wording is the instrument's own: use it only if you have the right to.",
    "Before you use it: write purpose, and look at what each phase does and how long it takes.",
)


def write(instrument: GuideShape | Script, defects: Iterable[InstrumentDefect], name: str) -> str:
    """The file's text. `name` is the file it was imported from."""
    writer = _Writer(instrument.language)
    parts = (
        writer.guide(instrument)
        if isinstance(instrument, GuideShape)
        else writer.script(instrument)
    )
    said = [f"Defect of the source: {defect}" for defect in defects]
    return "\n".join([*comment([*_REMARKS, f"From {name}.", *said]), *parts]) + "\n"


class _Writer:
    """Writes in one language, as the instrument is in one."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._said = _SAID.get(language, _SAID["en"])

    def _head(self, instrument: GuideShape | Script) -> Iterator[str]:
        yield from pairs(
            {
                "id": instrument.id,
                "languages": [self._language],
                "title": shortened(instrument.title, MAX_TITLE),
                "purpose": self._said["purpose"],
            }
        )

    def _phase(
        self, identity: str, does: str, texts: tuple[str, str], more: Mapping[str, Value]
    ) -> Iterator[str]:
        """A phase whose line and whole text are given; the prompt is the text, shortened."""
        title, script = texts
        yield from table(
            "[[phases]]",
            {
                "id": identity,
                "does": does,
                "title": shortened(title, MAX_TITLE),
                "prompt": shortened(script, MAX_PROMPT),
                "script": shortened(script, MAX_SCRIPT),
                **more,
            },
        )

    # Guides

    def guide(self, guide: GuideShape) -> Iterator[str]:
        yield from self._head(guide)
        asked = [] if guide.is_form else _asked(guide)
        minutes = guide.minutes[1] if guide.minutes else MINUTES_A_QUESTION * (len(asked) + 1)
        minutes = min(max(minutes, len(asked) + 2), MAX_MINUTES)
        yield from table("[frame]", {"minutes": minutes, "meetings": 1})
        names = {role.id: _id(role.id, f"r{n}") for n, role in enumerate(guide.roles, 1)}
        if guide.is_form:
            yield from self._form(guide)
            return
        if len(guide.roles) > 1:
            for role in guide.roles:
                title = shortened(role.title.strip(" :"), MAX_TITLE)
                yield from table("[[roles]]", {"id": names[role.id], "text": title})
        each = max(1, minutes // (len(asked) + 2))
        opening = dict.fromkeys(one for role in guide.roles for one in role.opening)
        welcome = " ".join([self._said["welcomed"], *guide.rules, *opening])
        yield from self._phase(
            "welcome", "inform", (self._said["welcome"], welcome), {"minutes": each}
        )
        for number, (asks, question) in enumerate(asked, 1):
            more: dict[str, Value] = {"minutes": each, "acts": names[asks.id] if asks else ""}
            script = "\n- ".join([question.text, *question.follow_ups])
            yield from self._phase(f"q{number}", "round", (question.text, script), more)
        end = self._said["end"]
        yield from self._phase("end", "round", (end, end), {"minutes": each})

    def _form(self, guide: GuideShape) -> Iterator[str]:
        """A guide in parts is written alone, before the meeting, and belongs to the writer."""
        title = shortened(guide.title, MAX_TITLE)
        yield from table("[forms.form]", {"title": title, "intro": self._said["forms"]})
        number = 0
        for role in guide.roles:
            yield from table("[[forms.form.parts]]", {"title": shortened(role.title, MAX_TITLE)})
            for question in role.questions:
                number += 1
                yield from table(
                    "[[forms.form.parts.fields]]",
                    {"id": f"q{number}", "text": shortened(question.text, MAX_QUESTION)},
                )
        yield from self._phase(
            "form", "form", (self._said["form"], self._said["forms"]), {"form": "form"}
        )

    # Scripts

    def script(self, script: Script) -> Iterator[str]:
        yield from self._head(script)
        usual = Frame()
        least, most = script.people or (usual.min_size, usual.max_size)
        least, most = (min(max(one, MIN_MEMBERS), MAX_MEMBERS) for one in (least, most))
        minutes = min(max(script.minutes or usual.minutes, len(script.steps)), MAX_MINUTES)
        meetings = min(max([script.meetings or 1, *map(_first, script.steps)]), MAX_MEETINGS)
        yield from table(
            "[frame]",
            {
                "min_size": least,
                "advised_size": max(least, min(usual.advised_size, most)),
                "max_size": most,
                "minutes": minutes,
                "meetings": meetings,
                "interval_days": min(script.days_between or usual.interval_days, MAX_DAYS),
            },
        )
        for number, step in enumerate(script.steps, 1):
            said = [step.what, *(f"{self._said['avoid']}: {one}" for one in step.forbidden)]
            more: dict[str, Value] = {"minutes": minutes // len(script.steps)}
            if _first(step) > 1:
                more["first_meeting"] = _first(step)
            texts = step.what, "\n\n".join(said)
            yield from self._phase(f"s{number}", "inform", texts, more)
            yield from comment(_aside(step))


def _asked(guide: GuideShape) -> list[tuple[RoleShape | None, Question]]:
    """The single questions; one that all roles are asked in the same words comes once."""
    alike = {
        shared.id
        for shared in guide.shared()
        if shared.identical and len(shared.texts) == len(guide.roles)
    }
    asked: list[tuple[RoleShape | None, Question]] = []
    for role in guide.roles:
        for question in role.questions:
            keyed = [part for part in question.parts if part.id]
            for one in keyed or [question]:
                if one.id not in alike and len(guide.roles) > 1:
                    asked.append((role, one))
                elif not any(one.id and one.id == other.id for _, other in asked):
                    asked.append((None, one))
    return asked


def _aside(step: StepShape) -> list[str]:
    """What a step has that a phase says otherwise, or not at all."""
    told = [("when", step.phase), ("who", ", ".join(step.actors))]
    return [f"{name}: {text}" for name, text in told if text]


def _first(step: StepShape) -> int:
    return min(step.meetings, default=1)


def _id(text: str, other: str) -> str:
    """An id of a role: the file's own, where it can be one."""
    fits = re.fullmatch(rf"[A-Za-z0-9][A-Za-z0-9_-]{{0,{MAX_ID - 1}}}", text)
    return text if fits and text not in ACTORS else other
