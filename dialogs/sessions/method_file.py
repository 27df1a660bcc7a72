"""A reflection method as a file: TOML, with every text in the file's languages.

`read` takes the bytes and gives a `Method`, or every fault at once with its line
and a remedy. `dump` and `load` are for storing a definition, as canonical JSON.

docs/methods.md describes the format for those who know the method and no programming.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date
from typing import get_args

from pydantic import TypeAdapter

from dialogs.faults import Fault
from dialogs.sessions.method import (
    ACTORS,
    USUAL_ORDER,
    WORDS,
    After,
    Audience,
    Content,
    Divided,
    Field,
    Form,
    FormPart,
    Frame,
    Led,
    Medium,
    Method,
    Need,
    Phase,
    Role,
    Subgroups,
)
from dialogs.sessions.primitives import TYPES
from dialogs.sessions.primitives import load as load_primitive
from dialogs.sessions.reading import MethodReader
from dialogs.sessions.state import MAX_MEMBERS, MIN_MEMBERS, MOST_MEMBERS, Pace
from dialogs.sessions.subgroups import SMALLEST
from dialogs.studies.study import TextByLanguage
from dialogs.toml.lines import Path
from dialogs.toml.reader import (
    ITEM_ID,
    MAX_PURPOSE,
    MAX_QUESTION,
    MAX_TITLE,
    STUDY_ID,
    Reader,
    TomlTable,
    did_you_mean,
    length,
    named,
    quote,
    read_document,
)
from dialogs.writing.guards import GUARDS

MAX_BYTES = 256_000
"""A file larger than this is no method."""
MAX_PHASES = 40
MAX_ROLES = 6
MAX_FORMS = 10
MAX_PARTS = 10
MAX_FIELDS = 8
"""Of one part, which is one card, and each can hold a long answer."""
MAX_PART = 4000
"""Characters of one part in one language, without the answers."""
MAX_SCRIPT = 1500
"""In UTF-16 code units, as all lengths of texts."""
MAX_PROMPT = 300
MAX_MEETINGS = 50
MAX_MINUTES = 480
MAX_DAYS = 60
MAX_ORDER = 99
MAX_SUBGROUP = 8
"""Members of one, about: a card has room for what they write."""
MAX_WORD = 60
"""A word or a few, in the middle of a sentence."""

_methods = TypeAdapter(Method)
_PACES: tuple[Pace, ...] = get_args(Pace)
_MEDIA: tuple[Medium, ...] = get_args(Medium)
_AUDIENCES: tuple[Audience, ...] = get_args(Audience)
_CONTENTS: tuple[Content, ...] = get_args(Content)
_LED: tuple[Led, ...] = get_args(Led)
_DIVIDED: tuple[Divided, ...] = get_args(Divided)


def read(name: str, data: bytes) -> Method | list[Fault]:
    """The method in a file called `name`, or all its faults in the order of the lines."""
    found = read_document(name, data, MAX_BYTES)
    if isinstance(found, Fault):
        return [found]
    reader = _Reader(*found, name, date.min)
    method = reader.method()
    return reader.in_order() or method


def dump(method: Method) -> str:
    """The method as canonical JSON: equal methods give the same text."""
    document = _methods.dump_python(method, mode="json")
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def load(text: str) -> Method:
    """The method that `dump` wrote. Raises ValueError where the text is none."""
    return _methods.validate_json(text, context={"primitive": load_primitive})


class _Reader(MethodReader):
    """Takes a method out of a parsed file."""

    def method(self) -> Method:
        document = self.document
        self.known(document, (), _KEYS)
        self.read_languages()
        frame = self._frame()
        roles = self._roles()
        forms = self._forms()
        phases = self._phases(roles)
        method = Method(
            id=self.identity(document, (), "method", STUDY_ID),
            title=self.texts(document.get("title"), ("title",), "title", MAX_TITLE),
            purpose=self.texts(document.get("purpose"), ("purpose",), "purpose", MAX_PURPOSE),
            phases=phases,
            frame=frame,
            roles=roles,
            forms=forms,
            preparation=self.reference(document, (), "preparation"),
            observer=self.reference(document, (), "observer"),
            after=self._after(),
            words=self._words(),
            order=self.number(("order",), document, (1, MAX_ORDER), USUAL_ORDER),
            led_by=self.choice(document, (), "led_by", _LED, "facilitator"),
            has_queue=self.flag(document, (), "queue", default=False),
            subgroups=self._subgroups(frame),
        )
        _Course(self, method).check()
        return method

    def _frame(self) -> Frame:
        path, usual = ("frame",), Frame()
        table = self.table(self.document.get("frame", {}), path) or {}
        self.known(table, path, _FRAME)

        def number(name: str, least: int, most: int) -> int:
            default: int = getattr(usual, name)
            return self.number((*path, name), table, (least, most), default)

        most = MOST_MEMBERS if "subgroups" in self.document else MAX_MEMBERS
        frame = Frame(
            min_size=number("min_size", MIN_MEMBERS, MAX_MEMBERS),
            advised_size=number("advised_size", MIN_MEMBERS, MAX_MEMBERS),
            max_size=number("max_size", MIN_MEMBERS, most),
            minutes=number("minutes", 5, MAX_MINUTES),
            meetings=number("meetings", 1, MAX_MEETINGS),
            interval_days=number("interval_days", 1, 366),
            paces=self.words(table, path, "paces", _PACES, usual.paces),
            with_one=self.flag(table, path, "with_one", default=usual.with_one),
        )
        if not frame.min_size <= frame.advised_size <= frame.max_size:
            self.fault(
                path,
                "The sizes of the group do not rise from `min_size` by `advised_size` to "
                "`max_size`.",
                "Write for instance min_size = 4, advised_size = 5, max_size = 8.",
            )
        if not frame.paces:
            self.fault((*path, "paces"), "There is no pace.", 'Write paces = ["live", "days"].')
        return frame

    def _subgroups(self, frame: Frame) -> Subgroups | None:
        if "subgroups" not in self.document:
            return None
        path, usual = ("subgroups",), Subgroups()
        table = self.table(self.document["subgroups"], path) or {}
        self.known(table, path, _SUBGROUPS)
        return Subgroups(
            self.number((*path, "over"), table, (2 * SMALLEST - 1, MAX_MEMBERS), usual.over),
            self.number((*path, "size"), table, (SMALLEST, MAX_SUBGROUP), usual.size),
            self.number((*path, "minutes"), table, (5, MAX_MINUTES), frame.minutes),
        )

    def _after(self) -> After:
        path, usual = ("after",), After()
        table = self.table(self.document.get("after", {}), path) or {}
        self.known(table, path, ("destroy_forms_days", "nudge_weeks", "keeps"))
        return After(
            self.number((*path, "destroy_forms_days"), table, (1, 90), usual.destroy_forms_days),
            self.number((*path, "nudge_weeks"), table, (1, 26), usual.nudge_weeks),
            self.flag(table, path, "keeps", default=usual.keeps),
        )

    def _words(self) -> dict[str, TextByLanguage]:
        path = ("words",)
        table = self.table(self.document.get("words", {}), path) or {}
        self.known(table, path, WORDS)
        return {
            word: self.texts(table[word], (*path, word), f"word {word}", MAX_WORD)
            for word in WORDS
            if word in table
        }

    def _roles(self) -> tuple[Role, ...]:
        if "roles" not in self.document:
            return ()
        roles = []
        places = self.few(self.document["roles"], ("roles",), "role", MAX_ROLES)
        for at, table in places:
            owner = named("role", table, at)
            text = self.spoken(table, at, owner, MAX_TITLE, ("id",))
            roles.append(Role(self.identity(table, at, owner, ITEM_ID), text))
            if roles[-1].id in ACTORS:
                self.fault(
                    (*at, "id"),
                    f"{quote(roles[-1].id)} means something else.",
                    "Choose another id.",
                )
        self.distinct([role.id for role in roles], [at for at, _ in places], "id")
        return tuple(roles)

    def _forms(self) -> dict[str, Form]:
        path = ("forms",)
        tables = self.table(self.document.get("forms", {}), path) or {}
        if len(tables) > MAX_FORMS:
            self.fault(path, f"There are {len(tables)} forms.", f"There may be {MAX_FORMS}.")
            return {}
        forms = {}
        for name, value in tables.items():
            at = (*path, name)
            table = self.table(value, at)
            if not ITEM_ID.fullmatch(name):
                self.fault(
                    at,
                    f"{quote(name)} is no id of a form.",
                    "Use letters a-z, digits, - and _, at most 20 in all.",
                )
            elif table is not None:
                forms[name] = self._form(name, table, at)
        return forms

    def _form(self, name: str, table: TomlTable, path: Path) -> Form:
        owner = f"form {name}"
        self.known(table, path, ("title", "intro", "parts"))
        title = self.texts(table.get("title"), (*path, "title"), f"title of {owner}", MAX_TITLE)
        intro = self.texts(table.get("intro"), (*path, "intro"), f"intro of {owner}", MAX_PURPOSE)
        parts: list[FormPart] = []
        places: list[Path] = []
        ids: list[str] = []
        for at, part in self.few(table.get("parts"), (*path, "parts"), "part", MAX_PARTS):
            label = f"part {int(at[-1]) + 1} of {owner}"
            self.known(part, at, ("title", "fields"))
            heading = self.texts(part.get("title"), (*at, "title"), f"title of {label}", MAX_TITLE)
            found = self.few(part.get("fields"), (*at, "fields"), "field", MAX_FIELDS)
            questions = tuple(self._field(field, place) for place, field in found)
            self._fits_a_card(questions, at, label)
            places += [place for place, _ in found]
            ids += [question.id for question in questions]
            parts.append(FormPart(heading, questions))
        self.distinct(ids, places, "id")
        return Form(name, title, intro, tuple(parts))

    def _fits_a_card(self, questions: Sequence[Field], path: Path, label: str) -> None:
        for language in self.languages:
            texts = [
                said.get(language, "") for each in questions for said in (each.text, each.help)
            ]
            if (total := sum(map(length, texts))) > MAX_PART:
                self.fault(
                    path,
                    f"The questions of {label} in {language} are {total} characters together.",
                    f"A card has room for {MAX_PART}: shorten them, or begin another part.",
                )

    def _field(self, table: TomlTable, path: Path) -> Field:
        owner = named("field", table, path)
        text = self.spoken(table, path, owner, MAX_QUESTION, ("id", "help"))
        identity = self.identity(table, path, owner, ITEM_ID)
        return Field(identity, text, self.help(table, path, owner))

    def _phases(self, roles: Sequence[Role]) -> tuple[Phase, ...]:
        places = self.few(self.document.get("phases"), ("phases",), "phase", MAX_PHASES)
        phases = tuple(self._phase(table, at, roles) for at, table in places)
        self.distinct([phase.id for phase in phases], [at for at, _ in places], "id")
        return phases

    def _phase(self, table: TomlTable, path: Path, roles: Sequence[Role]) -> Phase:
        owner = named("phase", table, path)
        found = len(self.faults)
        primitive = TYPES[self.choice(table, path, "does", tuple(TYPES))]
        if len(self.faults) == found:
            self.known(table, path, (*_PHASE, *primitive.keys))
        does = primitive.read(self, table, path)
        usual = "owner" if does.is_owners else "everyone"
        actors = (*ACTORS, *(role.id for role in roles))

        def text(name: str, limit: int) -> TextByLanguage:
            return self.texts(table.get(name), (*path, name), f"{name} of {owner}", limit)

        return Phase(
            id=self.identity(table, path, owner, ITEM_ID),
            title=text("title", MAX_TITLE),
            script=text("script", MAX_SCRIPT),
            prompt=text("prompt", MAX_PROMPT),
            does=does,
            acts=self.choice(table, path, "acts", actors, usual),
            sees=self.choice(table, path, "sees", _AUDIENCES, "group"),
            medium=self.choice(table, path, "medium", _MEDIA, "both"),
            content=(
                self.choice(table, path, "content", _CONTENTS) if "content" in table else None
            ),
            minutes=self.number((*path, "minutes"), table, (1, MAX_MINUTES), 5),
            days=self.number((*path, "days"), table, (1, MAX_DAYS), 1),
            guards=self.words(table, path, "guards", GUARDS, ()),
            first_meeting=self.number((*path, "first_meeting"), table, (1, MAX_MEETINGS), 1),
            shared_learning=self.flag(table, path, "shared_learning", default=False),
            about=self.reference(table, path, "about"),
            divided=self.choice(table, path, "divided", _DIVIDED, ""),
        )


class _Course:
    """Whether a meeting can be gone through: each phase finds what it needs before it."""

    def __init__(self, reader: Reader, method: Method) -> None:
        self._reader = reader
        self._method = method
        self._places = {phase.id: index for index, phase in reversed([*enumerate(method.phases)])}
        self._refers = {
            phase.id: need.phase.partition(".")[0]
            for phase in method.phases
            for need in phase.does.needs()
        }

    def check(self) -> None:
        method = self._method
        for index, phase in enumerate(method.phases):
            self._needs(phase, index)
            self._fits(phase, ("phases", index))
        self._uses_forms()
        self._keeps_nothing()
        if method.phases and not method.plan(1):
            self._reader.fault(
                ("phases",), "The first meeting has no phases.", "Remove a `first_meeting`."
            )
        self._takes(("frame", "minutes"), method.frame.minutes, is_divided=False)
        if method.subgroups:
            self._takes(("subgroups", "minutes"), method.subgroups.minutes, is_divided=True)
        self._divides()
        if len(method.roles) > method.frame.max_size:
            self._reader.fault(
                ("roles",),
                f"There are {len(method.roles)} roles and at most {method.frame.max_size} members.",
                "Remove a role that nobody could have, or raise `max_size`.",
            )

    def _takes(self, at: Path, minutes: int, *, is_divided: bool) -> None:
        phases = (each for each in self._method.phases if is_divided or each.divided != "only")
        if (total := sum(phase.minutes for phase in phases)) > minutes:
            self._reader.fault(
                at,
                f"The phases take {total} minutes, and the meeting has {minutes}.",
                "Shorten a phase, or make the meeting longer.",
            )

    def _divides(self) -> None:
        """What small groups do by themselves comes before all only as what they found."""
        method = self._method
        if method.subgroups and not any(phase.does.gathers for phase in method.phases):
            self._reader.fault(
                ("subgroups",),
                "Small groups never bring together what they found.",
                'Add a phase with does = "findings" and divided = "only".',
            )
        for index, phase in enumerate(method.phases):
            at = ("phases", index, "divided")
            if phase.divided and not method.subgroups:
                what = "`divided` is about small groups, and the method has none."
                self._reader.fault(at, what, "Remove it, or add [subgroups].")
            if phase.divided == "apart" and not _can_be_apart(phase):
                self._reader.fault(
                    at,
                    f"Small groups cannot do the phase {phase.id}, each by itself.",
                    "Let all do it together, or let everyone in it inform, tell or write for "
                    "the group.",
                )
            for wanted in self._goes_on_from(phase):
                self._reader.fault(
                    at,
                    f"The phase {phase.id} is for all, and goes on from {wanted}, which small "
                    "groups do by themselves.",
                    'Name a phase with does = "findings" that is `of` it.',
                )

    def _goes_on_from(self, phase: Phase) -> Iterator[str]:
        """Phases that small groups do by themselves, and that all are to see here."""
        if phase.divided == "apart" or phase.does.gathers:
            return
        wanted = {need.phase.partition(".")[0] for need in phase.does.needs()} | {phase.about}
        for each in self._method.phases:
            if each.divided == "apart" and each.id in wanted:
                yield each.id

    def _needs(self, phase: Phase, index: int) -> None:
        """What the phase needs to have happened before it."""
        at = ("phases", index)
        for need in phase.does.needs():
            self._before(phase, (*at, need.key), need)
        self._before(phase, (*at, "about"), Need("about", phase.about, texts=True))
        forms = self._method.forms
        if (form := phase.does.fills_in()) and form not in forms:
            remedy = did_you_mean(form, forms)
            self._reader.fault((*at, "form"), f"There is no form {quote(form)}.", remedy)
        if phase.acts in ("owner", "others"):
            self._needs_owner(phase, index)
        for defect in phase.does.defects(phase, self._method):
            self._reader.fault((*at, *defect.at), defect.what, defect.remedy)

    def _before(self, phase: Phase, at: Path, need: Need) -> None:
        """A phase that this one needs, in every meeting that has it."""
        wanted, _, theme = need.phase.partition(".")
        if not wanted:  # said already
            return
        place = self._places.get(wanted)
        if place is None:
            remedy = did_you_mean(wanted, self._places)
            self._reader.fault(at, f"There is no phase {quote(wanted)}.", remedy)
            return
        found = self._method.phases[place]
        if place >= int(at[1]):
            if self._is_circle(phase.id):
                what = f"The phases {phase.id} and {wanted} wait for each other."
            else:
                what = f"The phase {wanted} does not come before this one."
            self._reader.fault(at, what, "Name a phase before this one.")
        elif found.first_meeting > phase.first_meeting:
            self._reader.fault(
                at,
                f"The phase {wanted} is left out before meeting {found.first_meeting}.",
                f"Write first_meeting = {found.first_meeting} here too, or name another phase.",
            )
        elif not (found.does.gives(found) if need.texts else found.does.writes):
            unfit = _NOTHING_SHOWN if need.texts else _NOBODY_TAKES_PART
            self._reader.fault(at, unfit.format(wanted), "Name another phase.")
        elif theme:
            self._asks(found, theme, at, need)

    def _asks(self, phase: Phase, theme: str, at: Path, need: Need) -> None:
        themes = [each.id for each in phase.does.asks()] if need.texts else []
        if theme not in themes:
            what = f"The phase {phase.id} asks no question {quote(theme)} to go on from."
            self._reader.fault(at, what, did_you_mean(theme, themes))

    def _is_circle(self, start: str) -> bool:
        """Whether following what phases refer to leads back to this one from another."""
        seen = {start}
        at = self._refers[start]
        while at not in seen and at in self._refers:
            seen.add(at)
            at = self._refers[at]
        return at == start and len(seen) > 1

    def _needs_owner(self, phase: Phase, index: int) -> None:
        if self._method.led_by == "owner":
            return
        chosen = [
            each.first_meeting
            for each in self._method.phases[:index]
            if each.does.elects_from() is not None
        ]
        if not chosen:
            self._reader.fault(
                ("phases", index, "acts"),
                f"Nobody can act in the phase {phase.id}: no owner has been chosen.",
                'Put a phase with does = "vote" and elects = "owner" before it, or write '
                'led_by = "owner" at the top.',
            )
        elif min(chosen) > phase.first_meeting:
            self._reader.fault(
                ("phases", index, "acts"),
                f"Nobody can act in the phase {phase.id} before meeting {min(chosen)}: "
                "no owner is chosen.",
                f"Write first_meeting = {min(chosen)} here too.",
            )

    def _keeps_nothing(self) -> None:
        """Where nothing is to be kept, no phase leaves anything behind."""
        for index, phase in enumerate(self._method.phases):
            if not self._method.after.keeps and (phase.shared_learning or phase.does.keeps()):
                self._reader.fault(
                    ("phases", index),
                    f"The phase {phase.id} leaves something behind, and the method keeps nothing.",
                    "Remove the phase, or `keeps = false` under [after].",
                )

    def _fits(self, phase: Phase, at: Path) -> None:
        """Whether what is said of the phase goes together."""
        fault = self._reader.fault
        if phase.does.is_alone() and phase.medium == "oral":
            fault(
                (*at, "medium"),
                "What each does alone is written, and this phase is oral.",
                'Write medium = "written", or let the group talk.',
            )
        for name, is_set in (
            ("sees", phase.sees != "group"),
            ("guards", phase.guards),
            ("shared_learning", phase.shared_learning),
        ):
            if is_set and not phase.does.writes:
                fault(
                    (*at, name),
                    f"`{name}` is about what people write, and in this phase they write nothing.",
                    'Remove it, or write for instance does = "round".',
                )
        if phase.first_meeting > self._method.frame.meetings:
            fault(
                (*at, "first_meeting"),
                f"There are {self._method.frame.meetings} meetings, and this phase waits for "
                f"number {phase.first_meeting}.",
                "Choose an earlier meeting, or raise `meetings` in [frame].",
            )

    def _uses_forms(self) -> None:
        forms, preparation = self._method.forms, self._method.preparation
        if preparation and preparation not in forms:
            self._reader.fault(
                ("preparation",),
                f"There is no form {quote(preparation)}.",
                did_you_mean(preparation, forms),
            )
        used = {each.does.fills_in() for each in self._method.phases}
        for name in forms.keys() - used - {preparation}:
            self._reader.fault(
                ("forms", name),
                f"The form {name} is not used.",
                f'Write preparation = "{name}", or remove it.',
            )


def _can_be_apart(phase: Phase) -> bool:
    is_for_all = phase.acts == "everyone" and phase.sees == "group"
    return phase.does.can_be_apart and is_for_all


_NOTHING_SHOWN = "Nothing that the group sees is written in {}."
_NOBODY_TAKES_PART = "In {} nobody takes part."
_KEYS = (
    "id",
    "languages",
    "title",
    "purpose",
    "frame",
    "roles",
    "order",
    "preparation",
    "observer",
    "forms",
    "phases",
    "after",
    "words",
    "led_by",
    "queue",
    "subgroups",
)
_FRAME = tuple(field.name for field in fields(Frame))
_SUBGROUPS = tuple(field.name for field in fields(Subgroups))
_PHASE = tuple(field.name for field in fields(Phase))
