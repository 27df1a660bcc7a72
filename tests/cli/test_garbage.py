"""How the collector of garbage is set once a command was loaded."""

import gc
from collections.abc import Iterator

import pytest

from cli import garbage


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    threshold = gc.get_threshold()
    yield
    gc.set_threshold(*threshold)


def test_what_is_loaded_is_not_looked_through() -> None:
    before = gc.get_freeze_count()
    with garbage.loading():
        assert not gc.isenabled()
        loaded: list[list[int]] = [[] for _ in range(1000)]
    assert gc.isenabled()
    assert gc.get_freeze_count() >= before + len(loaded)
    assert gc.get_threshold() == (garbage.YOUNG, *garbage.OLDER)


def test_it_goes_on_where_nothing_could_be_loaded() -> None:
    with pytest.raises(ModuleNotFoundError), garbage.loading():
        raise ModuleNotFoundError
    assert gc.isenabled()
