"""A report as one HTML file: its frame, its style, and how numbers are written in it."""

from collections.abc import Mapping
from functools import partial
from importlib.resources import files
from typing import Any

import jinja2

from research.report.texts import ReportLanguage, number


def page(template: str, language: ReportLanguage, context: Mapping[str, Any]) -> bytes:
    """A template of this folder with what it shows; `base.html.j2` says what all need."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("research", "report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=False,
    )
    environment.filters["num"] = partial(_number, language)
    css = (files("research.report") / "report.css").read_text("utf-8")
    text = environment.get_template(template).render(context, language=language, css=css)
    return text.encode()


def _number(language: ReportLanguage, value: float, decimals: int = 2) -> str:
    return number(value, language, decimals)
