"""Instruments of the same shape as the published ones, in our own words."""

from typing import Any

import yaml

from research.instruments import reader, yaml_file
from research.instruments.shapes import Understood
from tests.support.data import INSTRUMENTS


def source(name: str) -> Any:
    """What stands in the file."""
    return yaml.safe_load((INSTRUMENTS / f"{name}.yaml").read_text("utf-8"))


def understood(name: str) -> Understood:
    """What the researcher's command makes of it."""
    path = INSTRUMENTS / f"{name}.yaml"
    return reader.read(yaml_file.load(path.name, path.read_bytes()))
