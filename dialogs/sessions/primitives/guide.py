"""Questions that are an aid and not a corset."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Literal, Self

from dialogs.sessions.method import Defect, Method, Phase, Primitive, Theme
from dialogs.sessions.reading import MAX_THEMES, MethodReader
from dialogs.toml.lines import Path
from dialogs.toml.reader import ITEM_ID, MAX_QUESTION, TomlTable, did_you_mean, named, quote


@dataclass(frozen=True, slots=True)
class Guide(Primitive):
    """Questions that are an aid and not a corset: in any order, skipped, followed up.

    Live the group talks about one at a time. Over days, and where it is `alone`,
    each writes in an order of their own, and is told once of what is left; with
    `alone` it is shown together, under the session's pseudonyms.
    """

    themes: tuple[Theme, ...]
    alone: bool = False
    kind: Literal["guide"] = "guide"

    keys: ClassVar = ("themes", "alone")
    writes: ClassVar = True
    gives_word: ClassVar = True

    @classmethod
    def read(cls, reader: MethodReader, table: TomlTable, path: Path) -> Self:
        places = reader.few(table.get("themes"), (*path, "themes"), "theme", MAX_THEMES)
        themes = tuple(_theme(reader, theme, at) for at, theme in places)
        reader.distinct([theme.id for theme in themes], [at for at, _ in places], "id")
        return cls(themes, reader.flag(table, path, "alone", default=False))

    def defects(self, phase: Phase, method: Method) -> Iterable[Defect]:
        """Whether somebody is asked each theme."""
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
