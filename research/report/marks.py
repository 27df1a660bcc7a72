"""What pictures and tables write alike, without what draws them."""

from typing import Literal, TypeAlias

PictureFormat: TypeAlias = Literal["svg", "png"]


def stars(mark: str) -> str:
    """A mark in stars alone: beside a number, R's `6*` would look like one."""
    return mark.replace("6*", "****")
