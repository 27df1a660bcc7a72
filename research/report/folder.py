"""The folder that an analysis is written to: tables, workbook, document, report, pictures."""

import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from research.analysis.number import Progress, silent
from research.findings import Findings
from research.formats.faults import CannotHold
from research.leaving.sorts import SORTS, analysis_script, sorts_table
from research.report import document, tables
from research.report.texts import ReportLanguage


def contents(
    findings: Findings,
    language: ReportLanguage,
    progress: Callable[[str], Progress] = lambda _: silent,
) -> dict[str, bytes]:
    """Every file by its name."""
    from research.report import html  # noqa: PLC0415 - it carries matplotlib, and a refusal needs none

    told = progress("writing")
    files = {f"{table.name}.csv": table.csv() for table in tables.tables(findings)}
    files[SORTS] = sorts_table(findings.data).csv()
    files["analysis.R"] = analysis_script(findings, document.program())
    told(1, 4)
    files["analysis.json"] = document.dump(findings)
    told(2, 4)
    files["analysis.xlsx"] = tables.workbook(findings)
    told(3, 4)
    files["report.html"], pictures = html.report(findings, language)
    told(4, 4)
    return files | pictures


def require_new(out: Path) -> None:
    """Raises `CannotHold` where the folder is there already."""
    if out.exists():
        raise CannotHold(f"{out} exists already and is unchanged. Choose another --out.")


def write(out: Path, files: Mapping[str, bytes]) -> None:
    """All files in a folder that gets its name when it is whole."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".analysis-") as folder:
        whole = Path(folder) / "whole"
        whole.mkdir()
        for name, content in files.items():
            (whole / name).parent.mkdir(exist_ok=True)
            (whole / name).write_bytes(content)
        shutil.move(whole, out)
