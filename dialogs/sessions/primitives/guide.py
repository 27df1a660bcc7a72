"""Questions that are an aid and not a corset."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any, ClassVar, Literal, Self

from dialogs.sessions.actions import fits
from dialogs.sessions.method import Current, Defect, Method, Phase, Primitive, Theme
from dialogs.sessions.queries import actors
from dialogs.sessions.reading import MAX_END, MAX_STEPS, MAX_THEMES, MethodReader
from dialogs.sessions.scoring import Band, Score, Scores, again, read, write
from dialogs.sessions.state import (
    Agreed,
    Answered,
    PhaseEvent,
    Refused,
    Session,
    Stepped,
    Told,
    Wording,
)
from dialogs.toml.lines import Path
from dialogs.toml.reader import ITEM_ID, MAX_QUESTION, TomlTable, did_you_mean, named, quote

MAX_BANDS = 8
_FROM_BEFORE = 1
"""The edition of what the group brings along from a meeting before."""


@dataclass(frozen=True, slots=True)
class Guide(Primitive):
    """Questions that are an aid and not a corset: in any order, skipped, followed up.

    Live the group talks about one at a time. Over days, and where it is `alone`,
    each writes in an order of their own, and is told once of what is left; with
    `alone` it is shown together, under the session's pseudonyms.

    With `steps` the group gives each theme points from 1, together: whoever writes them
    down, all see them. They are summed, called by `bands`, kept, and given anew next time.
    """

    themes: tuple[Theme, ...]
    alone: bool = False
    steps: int = 0
    bands: tuple[Band, ...] = ()
    kind: Literal["guide"] = "guide"

    keys: ClassVar = ("themes", "alone", "steps", "bands")
    writes: ClassVar = True
    gives_word: ClassVar = True

    @classmethod
    def read(cls, reader: MethodReader, table: TomlTable, path: Path) -> Self:
        places = reader.few(table.get("themes"), (*path, "themes"), "theme", MAX_THEMES)
        themes = tuple(_theme(reader, theme, at) for at, theme in places)
        reader.distinct([theme.id for theme in themes], [at for at, _ in places], "id")
        alone = reader.flag(table, path, "alone", default=False)
        steps = 0
        if "steps" in table:
            steps = reader.number((*path, "steps"), table, (2, MAX_STEPS))
        return cls(themes, alone, steps, _bands(reader, table, path))

    def defects(self, phase: Phase, method: Method) -> Iterable[Defect]:
        """Whether somebody is asked each theme, and points are given together."""
        if self.steps and self.alone:
            remedy = "Remove `alone`, or `steps`."
            yield Defect(
                ("steps",), "Points are given together, and this is written alone.", remedy
            )
        if self.bands and not self.steps:
            remedy = "Write for instance steps = 5."
            yield Defect(("bands",), "There are no points to sum.", remedy)
        roles = [role.id for role in method.roles]
        for number, theme in enumerate(self.themes):
            at: Path = ("themes", number, "roles")
            for role in theme.roles:
                if role not in roles:
                    yield Defect(at, f"There is no role {quote(role)}.", did_you_mean(role, roles))
            if theme.roles and phase.acts in roles and phase.acts not in theme.roles:
                yield Defect(
                    at,
                    f"Nobody is asked the theme {theme.id}: only {phase.acts} acts in this phase.",
                    "Change `roles` here, or `acts` of the phase.",
                )

    def is_alone(self) -> bool:
        return self.alone

    def is_anonymous(self) -> bool:
        return self.alone

    def asks(self) -> tuple[Theme, ...]:
        return self.themes

    # Points

    def keeps(self) -> bool:
        return bool(self.steps)

    def scores(self, session: Session, phase: Phase) -> Scores:
        """What stands now; before the first is given, what was given last time."""
        wording = session.wordings.get(phase.id)
        if wording is None:
            return {}
        scores = read(wording.text, [theme.id for theme in self.themes])
        return again(scores) if wording.edition == _FROM_BEFORE else scores

    def accepts(
        self, method: Method, session: Session, now: Current, event: PhaseEvent
    ) -> Stepped | None:
        """Points for some themes, from anybody; the last that is written down holds."""
        if not self.steps or not isinstance(event, Answered):
            return None
        if not event.values:
            return session, [Refused("nothing_chosen")]
        possible = {str(step): step for step in range(1, self.steps + 1)}
        themes = {theme.id for theme in self.themes}
        if not themes.issuperset(event.values) or not possible.keys() >= {*event.values.values()}:
            return session, [Refused("no_choice")]
        scores = dict(self.scores(session, now.phase))
        for theme, value in event.values.items():
            scores[theme] = replace(scores.get(theme, Score()), now=possible[value])
        return fits(session, self._worded(session, now.phase, scores), Told("scored"))

    def closes(self, method: Method, session: Session, now: Current) -> Stepped:
        """What was given goes along with the group to its next meeting."""
        wording = session.wordings.get(now.phase.id)
        if not self.steps or wording is None or wording.edition == _FROM_BEFORE:
            return session, []
        wordings = {**session.wordings, now.phase.id: replace(wording, is_agreed=True)}
        return replace(session, wordings=wordings), [Agreed(now.phase.id, wording.text)]

    def rehearses(
        self,
        method: Method,
        session: Session,
        now: Current,
        who: Mapping[str, Any],
        chance: Random,
    ) -> PhaseEvent | None:
        """The first of them gives points to all, once."""
        scores = self.scores(session, now.phase)
        is_scored = any(each.now for each in scores.values())
        if not self.steps or is_scored or who["by"] != actors(session, now.phase)[0]:
            return None
        values = {theme.id: str(chance.randint(1, self.steps)) for theme in self.themes}
        return Answered(**who, values=values)

    def _worded(self, session: Session, phase: Phase, scores: Scores) -> Session:
        titles = {theme.id: theme.text[session.language] for theme in self.themes}
        text = write(scores, titles, self.steps, self.bands, session.language)
        edition = max(session.wordings.get(phase.id, Wording("")).edition, _FROM_BEFORE) + 1
        return replace(
            session, wordings={**session.wordings, phase.id: Wording(text, edition=edition)}
        )


def _bands(reader: MethodReader, table: TomlTable, path: Path) -> tuple[Band, ...]:
    if "bands" not in table:
        return ()
    places = reader.few(table["bands"], (*path, "bands"), "band", MAX_BANDS)
    bands = tuple(_band(reader, band, at) for at, band in places)
    if [band.at for band in bands] != sorted({band.at for band in bands}):
        reader.fault((*path, "bands"), "The bands do not rise.", "Begin with the lowest `from`.")
    return bands


def _band(reader: MethodReader, table: TomlTable, path: Path) -> Band:
    owner = named("band", table, path)
    text = reader.spoken(table, path, owner, MAX_END, ("from",))
    least = reader.number((*path, "from"), table, (1, MAX_STEPS * MAX_THEMES))
    return Band(least, text)


def _theme(reader: MethodReader, table: TomlTable, path: Path) -> Theme:
    owner = named("theme", table, path)
    text = reader.spoken(table, path, owner, MAX_QUESTION, ("id", "help", "roles"))
    roles = table.get("roles", [])
    if not isinstance(roles, list) or not all(isinstance(one, str) for one in roles):
        remedy = 'Write for instance roles = ["leader"].'
        reader.fault((*path, "roles"), "`roles` must be a list of ids of roles.", remedy)
        roles = []
    aid = reader.help(table, path, owner)
    return Theme(reader.identity(table, path, owner, ITEM_ID), text, aid, tuple(roles))
