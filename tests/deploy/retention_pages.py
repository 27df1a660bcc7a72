"""The tables in docs/personvern.md and docs/operators.md, as `dialogs.retention` has them.

.venv/bin/python -m tests.deploy.retention_pages
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from dialogs.retention import OPERATIONAL, URN, ErasureAnswer, Job, Retained

DOCS = Path(__file__).parents[2] / "docs"
PRIVACY, OPERATORS = DOCS / "personvern.md", DOCS / "operators.md"
ASKED: Mapping[ErasureAnswer, str] = {
    "nothing": "",
    "deleted": "slettes",
    "left": "slettes; i en økt tas navn og id ut",
    "unfindable": "kan ikke finnes: ingenting sier hvem det er fra",
    "stays": "blir stående, og det sies",
}
BY: Mapping[Job, str] = {
    "nightly": "every night",
    "destroy_group": "`destroy_group`, after the group's last day",
    "destroy": "`destroy`, after the study's retention date",
    "appointment_begins": "`appointment_begins`, when the time comes",
    "close": "`appointment_close`, when the study closes",
    "sent": "the dispatcher, with the sending",
    "submitted": "the participant, or the study's closing",
    "withdrawn": "the code, at the next reseal",
    "operator": "`kollegial role`",
    "beat": "the replicas themselves",
    "never": "",
}


def privacy(kept: Iterable[Retained]) -> Iterator[str]:
    """For docs/personvern.md."""
    yield "| tabell | hva | hvorfor | hvor lenge | ved `slett` |"
    yield "|---|---|---|---|---|"
    for each in kept:
        cells = (name(each), each.what, each.why, each.until, ASKED[each.asked])
        yield f"| {' | '.join(cells)} |"


def operators() -> Iterator[str]:
    """For docs/operators.md."""
    yield "| table | goes by | counted in the certificate as |"
    yield "|---|---|---|"
    for each in (*OPERATIONAL, *URN):
        if each.by != "never":
            database = "" if each.database == "operational" else "urn: "
            yield f"| {database}{name(each)} | {BY[each.by]} | {each.counted} |"


def name(kept: Retained) -> str:
    return f"`{kept.table}`" + (f" ({kept.kind})" if kept.kind else "")


def drawn(page: str, heading: str, rows: Iterable[str]) -> str:
    """The page with the table below a heading drawn anew."""
    before, rest = page.split(f"\n{heading}\n", 1)
    old = re.compile(r"(?:^\|.*\n)+", re.MULTILINE)
    table = "\n".join(rows) + "\n"
    return f"{before}\n{heading}\n{old.sub(lambda _: table, rest, count=1)}"


def pages() -> dict[Path, str]:
    """Both pages as they are to be."""
    told = drawn(
        PRIVACY.read_text("utf-8"),
        "### Databasen for personer og grupper",
        privacy(OPERATIONAL),
    )
    return {
        PRIVACY: drawn(told, "### Urnen", privacy(URN)),
        OPERATORS: drawn(OPERATORS.read_text("utf-8"), "### What goes when", operators()),
    }


if __name__ == "__main__":
    for page, text in pages().items():
        page.write_text(text, "utf-8")
