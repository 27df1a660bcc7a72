"""What a member's own part is drawn from, and the fields that several primitives use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.gateway.events import Json
from bot.sessions.cards.meeting import SessionView
from bot.ui.elements import choice, execute, plain, small
from bot.ui.texts import Texts
from dialogs.sessions import queries
from dialogs.sessions.method import Phase, Theme
from dialogs.sessions.queries import SPREAD_FROM
from dialogs.sessions.scale import Scale
from dialogs.sessions.state import TEXT_LIMIT, Notice, Opened, Suggested

Filled: TypeAlias = Mapping[str, str]
"""What is written in a form, by field."""


@dataclass(frozen=True, slots=True)
class PartView:
    """What drawing one member's part needs.

    `text` is put back into the field, with `notices` on it. `editing` is the
    contribution that is being changed, `new_id` the id of a new one. `form` is the
    member's own log form, and `note` what they took along from last time. `page` is of
    what they have written, and `note_page` of their note, where they are turning it.
    """

    say: Texts
    meeting: SessionView
    person: str
    new_id: str
    notices: Sequence[Notice] = ()
    text: str = ""
    editing: str = ""
    form: Filled = field(default_factory=dict)
    note: str = ""
    page: int = 0
    note_page: int | None = None
    study: str = ""
    """The title of a study that asks this group for texts; empty where none does."""

    def to_page(self, title: str, page: int) -> Json:
        """A button to another page of what they have written; the field comes along."""
        return self.meeting.press(title, "leaf", id=self.editing, page=page)

    def to_note(self, title: str, page: int) -> Json:
        """The same, of their note."""
        return self.meeting.press(title, "leaf", id=self.editing, note=page)


def writing(view: PartView, phase: Phase, opened: Opened) -> list[Json]:
    """The field, with the text that is being changed or was not taken."""
    say, meeting = view.say, view.meeting
    mine = queries.mine(meeting.session, view.person)
    old = next((each.text for each in mine if each.id == view.editing), "")
    fields: list[Json] = [
        *_theme(view, phase),
        {
            "type": "Input.Text",
            "id": "text",
            "label": say(_label(phase)),
            "placeholder": say("own.write.placeholder", limit=TEXT_LIMIT),
            "isMultiline": True,
            "value": view.text or old,
        },
    ]
    if queries.hides(phase) and opened.anonymous and phase.sees == "group":
        if queries.is_thin(meeting.method, meeting.session, meeting.subgroup):
            fields.append(small(say("own.thin")))
        fields.append(_toggle("open", say("own.open")))
    ident = view.editing or view.new_id
    buttons = [meeting.press(say("own.send"), "send", style="positive", id=ident)]
    if any(isinstance(each, Suggested) for each in view.notices):
        buttons.append(meeting.press(say("own.send.anyway"), "send", id=ident, anyway="yes"))
    return [*fields, {"type": "ActionSet", "actions": buttons}]


def _label(phase: Phase) -> str:
    """What the field is for; of what one did and will do oneself it asks otherwise."""
    content = phase.content or "telling"
    is_of_oneself = phase.does.is_owners or phase.sees == "writer"
    own = ".self" if is_of_oneself and content in ("alternative", "recognition") else ""
    return f"own.write.{content}{own}"


def _theme(view: PartView, phase: Phase) -> list[Json]:
    """Which question of a guide it is about: those that are left come first."""
    session = view.meeting.session
    themes = queries.themes(session, phase, view.person)
    if not themes:
        return []
    left = queries.themes_left(view.meeting.method, session, view.person)
    asked = session.opened.asked if session.opened else ()
    by_theme = queries.goes_by_theme(session, phase)
    preset = asked[-1] if by_theme and asked else left[0].id if left else themes[0].id
    ordered = [*left, *(theme for theme in themes if theme not in left)]
    language = view.say.language
    return [
        {
            "type": "Input.ChoiceSet",
            "id": "theme",
            "label": view.say("own.theme", n=len(left)),
            "style": "expanded",
            "wrap": True,
            "value": preset,
            "choices": [choice(theme.text[language], theme.id) for theme in ordered],
        },
        *(
            small(plain(theme.help[language]))
            for theme in themes
            if theme.id == preset and theme.help
        ),
        *_known_by_role(view, themes),
    ]


def _known_by_role(view: PartView, themes: Sequence[Theme]) -> list[Json]:
    """That the others can guess who answers what is asked of a role that few have."""
    session = view.meeting.session
    if not (session.opened and session.opened.anonymous and any(each.roles for each in themes)):
        return []
    mine = {member.role for member in session.members if member.id == view.person}
    holders = sum(member.role in mine for member in queries.here(session))
    return [small(view.say("own.role.few", n=holders))] if holders < SPREAD_FROM else []


def steps(view: PartView, ident: str, scale: Scale, given: int | None, number: str = "") -> Json:
    """From 1 to as many steps as there are; the ends say what they mean."""
    language = view.say.language
    ends = {
        1: f"1 ({scale.low[language]})",
        scale.steps: f"{scale.steps} ({scale.high[language]})",
    }
    numbers = range(1, scale.steps + 1)
    return {
        "type": "Input.ChoiceSet",
        "id": ident,
        "label": number + scale.text[language],
        "style": "compact",
        "value": str(given or ""),
        "choices": [choice(ends.get(step, str(step)), str(step)) for step in numbers],
    }


def button(meeting: SessionView, title: str, verb: str) -> Json:
    return {"type": "ActionSet", "actions": [meeting.press(title, verb, style="positive")]}


def _toggle(ident: str, title: str) -> Json:
    return {"type": "Input.Toggle", "id": ident, "title": title, "value": "false", "wrap": True}


def form_press(title: str, verb: str, carried: Json, style: str | None = None) -> Json:
    return execute(title, f"form.{verb}", carried, style=style)
