"""The page about the house tells of the house that stands."""

import re
from graphlib import TopologicalSorter

import grimp
import pytest

from tests.architecture import LAYERS, PICTURE, ROOT, draw, rooms

PAGE = (ROOT / "docs/architecture.md").read_text("utf-8")


def test_the_picture_is_of_the_code_as_it_is() -> None:
    assert PICTURE.read_text("utf-8") == draw(), "draw it anew: make architecture"


@pytest.mark.parametrize("layer", LAYERS)
def test_every_room_says_what_it_is(layer: str) -> None:
    for room in rooms(layer):
        assert room.about.endswith("."), room


def test_every_file_that_the_page_names_is_there() -> None:
    named = {name for name in re.findall(r"`([\w./-]+/[\w./-]*)`", PAGE) if "<" not in name}
    assert len(named) > 20
    missing = {name for name in named if not (ROOT / name).exists()}
    assert missing == set()


def test_only_what_is_started_lies_at_the_root_of_the_bot() -> None:
    modules = {file.stem for file in (ROOT / "bot").glob("*.py")}
    assert modules == {"__init__", "app", "router"}


def test_no_handler_opens_a_transaction() -> None:
    """What is written together is the business of a service, which says why."""
    handlers = [*(ROOT / "bot").rglob("handlers.py"), *(ROOT / "bot/erasure").glob("*.py")]
    opening = [path for path in handlers if ".begin() as" in path.read_text("utf-8")]

    assert len(handlers) > 5
    assert opening == []


def test_no_files_import_each_other_in_a_circle() -> None:
    graph = grimp.build_graph(*LAYERS)
    imports = {each: graph.find_modules_directly_imported_by(each) for each in graph.modules}

    TopologicalSorter(imports).prepare()  # raises CycleError, which names the circle
