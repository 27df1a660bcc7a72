"""Whatever stands in a file, it is understood or refused with a place and a remedy."""

import json
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cli.importing import import_method, import_questionnaire
from research.formats.faults import BadFile
from research.instruments import reader, yaml_file
from research.studies import StudyRefused
from tests.research.instruments.test_reader import BLOCK, GUIDES, SCORES, STEPS

ODD: list[Any] = [
    None, True, False, 0, -1, 3, 999_999, 1.5, "", "x", "x" * 700, "2031-01-01",
    [], [None], [1, 2], ["a", "a"], [["a"]], {}, {"a": 1}, {"1": "x"}, [{}], [{"text": "t"}],
]  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield (*path, key)
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, key))


def spoiled(root: Any, chance: random.Random) -> Any:
    """The document with one to three places changed, removed or copied."""
    document = json.loads(json.dumps(root))
    for _ in range(chance.randint(1, 3)):
        *path, last = chance.choice(list(places(document)))
        owner = document
        for key in path:
            owner = owner[key]
        match chance.randrange(4):
            case 0:
                del owner[last]
            case 1 if isinstance(owner, list):
                owner.append(owner[last])
            case _:
                owner[last] = json.loads(json.dumps(chance.choice(ODD)))
        if not document:
            break
    return document


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("text", [BLOCK, SCORES, GUIDES, STEPS], ids=lambda text: text.split()[1])
def test_a_spoiled_file(
    text: str, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    chance = random.Random(seed)
    root = yaml_file.load("file.yaml", text.encode()).root
    understood = 0
    for _ in range(60):
        data = json.dumps(spoiled(root, chance), ensure_ascii=False).encode()
        Path("file.yaml").write_bytes(data)
        try:
            reader.read(yaml_file.load("file.yaml", data))
        except BadFile as refusal:
            places_told = [str(fault.place) for fault in refusal.faults]
            assert all(place.startswith("file.yaml, line ") for place in places_told)
            continue
        understood += 1
        out = Path("out.toml")
        for write in (import_method, lambda file, to: import_questionnaire(file, to, date.min)):
            for written in tmp_path.glob("out*.toml"):
                written.unlink()
            try:
                write(Path("file.yaml"), out)
            except StudyRefused as refusal:
                assert "othing was written" in str(refusal)  # noqa: PT017 - either outcome is right

    assert understood
