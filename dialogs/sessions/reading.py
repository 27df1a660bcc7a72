"""What reading a method's file, and each primitive in it, has in common."""

from dialogs.studies.study import LANGUAGES, TextByLanguage
from dialogs.toml.lines import Path
from dialogs.toml.reader import ITEM_ID, MAX_HELP, STUDY_ID, Reader, TomlTable

MAX_SCALES = 10
MAX_THEMES = 20
MAX_STEPS = 10
MAX_END = 60
"""A word or two at the end of a scale."""


class MethodReader(Reader):
    """Takes texts, references and helps out of a parsed file."""

    def texts(self, value: object, path: Path, owner: str, limit: int) -> TextByLanguage:
        """In every language: where the file lists fewer, its first stands in for the others."""
        texts = super().texts(value, path, owner, limit)
        first = next(iter(texts.values()), "")
        return {each: texts.get(each, first) for each in LANGUAGES}

    def reference(self, table: TomlTable, path: Path, name: str, missing: str = "") -> str:
        """What refers to something by its id, or to a question of it as `id.question`; empty
        where it is not given.

        `missing` is said where it must be there.
        """
        if missing and name not in table:
            self.fault(path, missing, f'Write {name} = "...".')
        value = table.get(name, "")
        if isinstance(value, str):
            whole, _, part = value.partition(".")
            is_whole = STUDY_ID.fullmatch(whole) or ITEM_ID.fullmatch(whole)
            if not value or (is_whole and (whole == value or ITEM_ID.fullmatch(part))):
                return value
        self.fault(
            (*path, name), f"`{name}` must be an id.", f'Write for instance {name} = "round".'
        )
        return ""

    def help(self, table: TomlTable, path: Path, owner: str) -> TextByLanguage:
        """What helps with a question, where there is anything."""
        if "help" not in table:
            return {}
        return self.texts(table["help"], (*path, "help"), f"help of {owner}", MAX_HELP)
