"""The methods that sessions can be led by: those that are shipped, and those of one's own."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

from dialogs.faults import Fault
from dialogs.sessions import method_file, rehearsing
from dialogs.sessions.method import Method
from research.files import head
from storage.operational.methods import KeptMethod

FOLDER = Path(__file__).parents[2] / "methods"


class Faulty(ValueError):
    """Files of methods are not as they should be: every fault, with its line and a remedy."""


PREFIX = 4
"""Letters of a method's name that may stand for all of it, where they begin no other."""


class Methods:
    """By their ids, in the order in which they are offered. Of two with one id the later counts.

    `kept` are those that groups have had: where the file is gone, the groups go on with the
    last of them, and nobody is offered it any more.
    """

    def __init__(self, methods: Iterable[Method], kept: Iterable[KeptMethod] = ()) -> None:
        known = {method.id: method for method in methods}
        in_order = sorted(known.values(), key=lambda method: (method.order, method.id))
        self._methods = {method.id: method for method in _with_titles_apart(in_order)}
        self._gone = {each.id: read_kept(each.definition) for each in kept if each.id not in known}

    def all(self) -> list[Method]:
        return list(self._methods.values())

    def find(self, method_id: str) -> Method | None:
        return self._methods.get(method_id)

    def get(self, method_id: str) -> Method:
        """Also one whose file is gone, and as it is rehearsed. Raises KeyError."""
        if method_id.startswith(rehearsing.OF):
            return rehearsing.rehearsed(self.get(method_id.removeprefix(rehearsing.OF)))
        return self._methods.get(method_id) or self._gone[method_id]

    def named(self, wanted: str) -> Method | None:
        """The method with this id or title, in whatever case and language; else the only one
        whose name begins so.
        """
        wanted = " ".join(wanted.casefold().strip(" .!?«»\"“”'").split())
        called = {
            method.id: [method.id.casefold(), *(t.casefold() for t in method.title.values())]
            for method in self._methods.values()
        }
        whole = [id_ for id_, names in called.items() if wanted in names]
        begun = [
            id_
            for id_, names in called.items()
            if len(wanted) >= PREFIX and any(name.startswith(wanted) for name in names)
        ]
        for found in (whole, begun):
            if len(found) == 1:
                return self._methods[found[0]]
        return None


def _with_titles_apart(methods: Iterable[Method]) -> Iterable[Method]:
    """Of two with one title, the later has its id behind: else nobody could choose between them."""
    taken: set[tuple[str, str]] = set()
    for method in methods:
        called = {(language, text.casefold()) for language, text in method.title.items()}
        if called & taken:
            title = {each: f"{text} ({method.id})" for each, text in method.title.items()}
            yield replace(method, title=title)
        else:
            yield method
        taken |= called


def shipped(own: str = "") -> list[Method]:
    """Every method that is shipped, and those in the folder `own`. Raises Faulty."""
    return [*_of_the_package(), *(_all_of(Path(own)) if own else ())]


@cache
def _of_the_package() -> tuple[Method, ...]:
    """What does not change while the program runs."""
    return tuple(_all_of(FOLDER))


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
