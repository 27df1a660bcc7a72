"""The folder that an analysis of a questionnaire is written to: all that leaves it."""

from collections.abc import Sequence

from research.leaving.norwegian_excel import Csv, written
from research.leaving.workbook import workbook
from research.questionnaires import told
from research.questionnaires.answers import AnsweredForm
from research.questionnaires.findings import FormFindings
from research.questionnaires.report import report
from research.questionnaires.tables import tables
from research.report.texts import ReportLanguage


def contents(
    forms: Sequence[AnsweredForm],
    findings: FormFindings,
    language: ReportLanguage,
    csv_for: Csv = "r",
) -> dict[str, bytes]:
    """Every file by its name: tables, workbook, results, report and pictures.

    Where nothing is hidden it is for the researcher's own eyes, and has no results to publish.
    """
    html, pictures = report(findings, language)
    found = tables(findings, language)
    shown = {told.DOCUMENT: told.document(forms)} if findings.hides else {}
    return {
        **written({f"{table.name}.csv": table.csv() for table in found}, csv_for),
        "analysis.xlsx": workbook(found),
        **shown,
        "report.html": html,
        **pictures,
    }
