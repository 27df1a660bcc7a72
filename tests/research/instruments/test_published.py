"""What is tested on the twins is true of the published instruments: they have the same shape."""

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.importing import import_method
from research.formats.faults import BadFile
from research.instruments import reader, yaml_file
from research.studies import StudyRefused
from tests.support.data import INSTRUMENTS, SHARED

PUBLISHED = SHARED / "instruments"
IDENTIFIER = re.compile(r"[\w.:/+-]*")


def shape(value: Any) -> Any:
    """A value without its wording."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = dataclasses.asdict(value)
    match value:
        case dict():
            return {key: shape(inner) for key, inner in value.items()}
        case list() | tuple():
            return [shape(inner) for inner in value]
        case str() if not IDENTIFIER.fullmatch(value):
            return "…"
        case _:
            return value


def understood(path: Path) -> Any:
    try:
        known = reader.read(yaml_file.load(path.name, path.read_bytes()))
    except BadFile as refusal:
        return len(refusal.faults)
    return shape(known.instrument), len(known.defects)


def imported(path: Path, out: Path) -> Any:
    try:
        import_method(path, out)
    except (BadFile, StudyRefused):
        return None
    return sorted(set(re.findall(r"^\[\[?.*?\]", out.read_text("utf-8"), re.MULTILINE)))


def sentences(value: Any) -> set[str]:
    """Every text of six words or more."""
    match value:
        case dict():
            return set[str]().union(*map(sentences, value.values()))
        case list():
            return set[str]().union(*map(sentences, value))
        case str() if value.count(" ") > 4:
            return {value.casefold()}
        case _:
            return set()


@pytest.mark.shared
def test_the_published_instruments_are_as_their_twins(tmp_path: Path) -> None:
    names = sorted(path.stem for path in INSTRUMENTS.glob("*.yaml"))
    assert len(names) > 10
    for name in names:
        ours, theirs = INSTRUMENTS / f"{name}.yaml", PUBLISHED / f"{name}.yaml"
        alike = [
            imported(path, tmp_path / f"{name}_{whose}.toml")
            for whose, path in (("ours", ours), ("theirs", theirs))
        ]
        twin, published = (yaml.safe_load(path.read_text("utf-8")) for path in (ours, theirs))

        assert understood(ours) == understood(theirs), name
        assert alike[0] == alike[1], name
        assert list(twin) == list(published), name
        assert sentences(twin) & sentences(published) == set(), name
