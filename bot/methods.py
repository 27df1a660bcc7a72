"""The methods that sessions can be led by: those that are shipped, and those of one's own."""

from collections.abc import Iterable
from pathlib import Path

from dialogs import method_file
from dialogs.method import Method
from dialogs.study import Language
from dialogs.toml_reader import Fault
from research.files import head
from storage.methods import KeptMethod

FOLDER = Path(__file__).parents[1] / "methods"


class Faulty(ValueError):
    """Files of methods are not as they should be: every fault, with its line and a remedy."""


class Methods:
    """By their ids, in the order in which they are offered. Of two with one id the later counts.

    `kept` are those that groups have had: where the file is gone, the groups go on with the
    last of them, and nobody is offered it any more.
    """

    def __init__(self, methods: Iterable[Method], kept: Iterable[KeptMethod] = ()) -> None:
        known = {method.id: method for method in methods}
        in_order = sorted(known.values(), key=lambda method: (method.order, method.id))
        self._methods = {method.id: method for method in in_order}
        self._gone = {each.id: read_kept(each.definition) for each in kept if each.id not in known}

    def all(self) -> list[Method]:
        return list(self._methods.values())

    def find(self, method_id: str) -> Method | None:
        return self._methods.get(method_id)

    def get(self, method_id: str) -> Method:
        """Also one whose file is gone. Raises KeyError."""
        return self._methods.get(method_id) or self._gone[method_id]

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


def shipped(own: str = "") -> list[Method]:
    """Every method that is shipped, and those in the folder `own`. Raises Faulty."""
    return [*_all_of(FOLDER), *(_all_of(Path(own)) if own else ())]


def kept(method: Method) -> KeptMethod:
    """A method as it is kept in the database."""
    return KeptMethod(method.id, method_file.dump(method))


def read_kept(definition: str) -> Method:
    """The method that was kept."""
    return method_file.load(definition)


def read_method(path: Path) -> Method | list[Fault]:
    """The method in a file, or all its faults."""
    data = head(path, method_file.MAX_BYTES)
    return [data] if isinstance(data, Fault) else method_file.read(path.name, data)


def _all_of(folder: Path) -> Iterable[Method]:
    if not folder.is_dir():
        raise Faulty(f"There is no folder {folder}. Check KOLLEGIAL_METHODS.")
    read = [read_method(path) for path in sorted(folder.glob("*.toml"))]
    if faults := [fault for each in read if isinstance(each, list) for fault in each]:
        raise Faulty("\n".join(map(str, faults)))
    return (each for each in read if isinstance(each, Method))
