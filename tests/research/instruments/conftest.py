"""The published instruments, where they are."""

from pathlib import Path

import pytest

from research.instruments import reader, yaml_file
from research.instruments.shapes import Understood

INSTRUMENTS = Path("../shared/data/instruments")


@pytest.fixture
def instruments() -> list[Path]:
    if not INSTRUMENTS.is_dir():
        pytest.skip("the published instruments are not here")
    return sorted(INSTRUMENTS.glob("*.yaml"))


def published(name: str) -> Understood:
    """A published instrument; skips the test where it is not here."""
    path = INSTRUMENTS / f"{name}.yaml"
    if not path.is_file():
        pytest.skip("the published instruments are not here")
    return reader.read(yaml_file.load(path.name, path.read_bytes()))
