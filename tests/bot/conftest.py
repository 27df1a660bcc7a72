"""Scenes of the bot on both databases: a few each time, all that can in `make torture`."""

import os

import pytest

from tests.support.databases import urls

__all__ = ["urls"]

TORTURED = pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.torture])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    chosen = {mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")}
    if os.environ.get("TESTS_TORTURE") and "urls" in {*metafunc.fixturenames} - chosen:
        metafunc.parametrize("urls", ["sqlite", TORTURED], indirect=True)
