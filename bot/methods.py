"""The methods that sessions can be led by: those that are shipped, each a file in `methods/`."""

from collections.abc import Iterable
from pathlib import Path

from dialogs import method_file
from dialogs.method import Method
from dialogs.study import Language

FOLDER = Path(__file__).parents[1] / "methods"


class Methods:
    """By their ids, in the order of their files' names."""

    def __init__(self, methods: Iterable[Method]) -> None:
        self._methods = {method.id: method for method in methods}

    def all(self) -> list[Method]:
        return list(self._methods.values())

    def find(self, method_id: str) -> Method | None:
        return self._methods.get(method_id)

    def get(self, method_id: str) -> Method:
        """Raises KeyError."""
        return self._methods[method_id]

    def named(self, wanted: str, language: Language) -> Method | None:
        """The method with this id or title, in whatever case."""
        wanted = wanted.casefold()
        return next(
            (
                method
                for method in self._methods.values()
                if wanted in (method.id.casefold(), method.title[language].casefold())
            ),
            None,
        )


def shipped() -> list[Method]:
    """Every method in the folder. Raises ValueError where a file is faulty."""
    return [_read(path) for path in sorted(FOLDER.glob("*.toml"))]


def _read(path: Path) -> Method:
    found = method_file.read(path.name, path.read_bytes())
    if isinstance(found, list):
        raise ValueError("; ".join(map(str, found)))  # noqa: TRY004 - the file is faulty, not a type
    return found
