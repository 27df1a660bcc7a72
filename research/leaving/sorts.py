"""Sorts and their analysis for other programs: a workbook, and scripts for R and SPSS."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from dialogs.studies.study import Language, Study
from research.analysis.solution import Choices
from research.dataset import Dataset, Shape, shape_of
from research.findings import Findings
from research.formats import export
from research.leaving.scripts import r_text, spss_text
from research.leaving.workbook import workbook
from research.report.document import program
from research.report.tables import Cell, Table

READ_BY_SCRIPT = frozenset({"sorts.csv", "zscores.csv", "loadings.csv", "flags.csv"})
NOTHING_CALLED: Mapping[int, str] = {}
SORTS = "sorts.csv"
"""In the folder of an analysis: what its R script reads."""


def of_export(folder: Path) -> dict[str, bytes]:
    """What lies beside the sorts of a study's export, by name."""
    data, study = export.read(folder, "nb"), export.study_of(folder)
    return {
        "sorts.xlsx": sorts_workbook(data, codebook(study, "nb")),
        "sorts.R": sorts_script(data, export.SORTS, program()),
        "sorts.sps": sorts_syntax(data, export.SORTS, program(), ends(study, "nb")),
    }


def ends(study: Study, language: Language) -> dict[int, str]:
    """What the ends of the grid are called, where the study has words of its own."""
    if study.labels is None:
        return {}
    spoken = study.language(language)
    least, *_, most = study.grid.values
    return {least: study.labels.least[spoken], most: study.labels.most[spoken]}


def codebook(study: Study, language: Language) -> Table:
    """What every statement, column and question says, and what can be answered."""
    spoken = study.language(language)
    called = ends(study, language)
    rows: list[tuple[Cell, ...]] = [
        *(("statement", s.id, s.text[spoken], s.dimension, "", "") for s in study.statements),
        *(("column", "", "", "", value, called.get(value, "")) for value in study.grid.values),
    ]
    for one in study.questions:
        rows.append(("question", one.id, one.text[spoken], "", "", ""))
        rows += [("answer", one.id, "", "", o.id, o.text[spoken]) for o in one.options]
    return Table("codebook", ("kind", "id", "text", "dimension", "value", "label"), tuple(rows))


def sorts_workbook(data: Dataset, *more: Table) -> bytes:
    """Sorts both ways, the statements, and what was written."""
    down = Table(
        "sorts",
        ("statement", "text", *data.names),
        tuple(
            (label, text, *row)
            for label, text, row in zip(data.statements, data.texts, data.rows(), strict=True)
        ),
    )
    across = Table(
        "persons",
        ("pseudonym", *data.statements),
        tuple(
            (name, *row)
            for name, row in zip(data.names, zip(*data.rows(), strict=True), strict=True)
        ),
    )
    comments: list[tuple[Cell, ...]] = [
        (name, label, text) for name, own in data.comments.items() for label, text in own.items()
    ]
    fields: list[tuple[Cell, ...]] = [
        (name, field, text) for name, own in data.fields.items() for field, text in own.items()
    ]
    written = (
        Table("comments", ("pseudonym", "statement", "text"), tuple(comments)),
        Table("answers", ("pseudonym", "question", "text"), tuple(fields)),
    )
    return workbook([down, across, *more, *(table for table in written if table.rows)])


def sorts_script(data: Dataset, file: str, made_with: str) -> bytes:
    """R: the sorts read, labelled and analysed with qmethod."""
    texts = zip(data.statements, data.texts, strict=True)
    named = ",\n".join(f"  {r_text(label)} = {r_text(text)}" for label, text in texts)
    lines = [
        f"# {' '.join(data.title.split())}",
        f"# Made with {made_with}. Run it in this folder: Rscript sorts.R",
        "library(qmethod)",
        f'sorts <- read.csv("{file}", row.names = 1, check.names = FALSE, fileEncoding = "UTF-8")',
        "stopifnot(all(sapply(sorts, is.numeric)))",
        f"statements <- c(\n{named}\n)",
        "factors <- 3  # how many is your choice",
        f"results <- qmethod(sorts, nfactors = factors, {_forced(shape_of(data))})",
        "summary(results)",
        "print(data.frame(results$zsc_n, statement = statements[rownames(sorts)]))",
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def sorts_syntax(
    data: Dataset, file: str, made_with: str, called: Mapping[int, str] = NOTHING_CALLED
) -> bytes:
    """SPSS: sorts as variables, statements as cases, as its factor analysis needs them."""
    lines = _spss(data, file, made_with, called)
    return b"\xef\xbb\xbf" + "".join(f"{line}\r\n" for line in lines).encode()


def _spss(data: Dataset, file: str, made_with: str, called: Mapping[int, str]) -> Iterator[str]:
    names = [f"q{n}" for n in range(1, len(data.names) + 1)]
    yield "* Encoding: UTF-8."
    yield f"* Made with {made_with}."
    yield "* Open this file in its own folder, or write the whole path of the CSV below."
    yield "GET DATA"
    yield "  /TYPE=TXT"
    yield f"  /FILE='{file}'"
    yield "  /ENCODING='UTF8'"
    yield "  /ARRANGEMENT=DELIMITED"
    yield "  /DELIMITERS=','"
    yield "  /QUALIFIER='\"'"
    yield "  /FIRSTCASE=2"
    yield "  /VARIABLES="
    yield "  statement A60"
    yield from (f"  {name} F8.0" for name in names)
    yield "  ."
    yield "CACHE."
    yield "EXECUTE."
    for name, said in zip(names, data.names, strict=True):
        yield "VARIABLE LABELS"
        yield f"  {name} {spss_text(said, 255)}."
    if called:
        yield f"VALUE LABELS {names[0]} TO {names[-1]}"
        yield from (f"  {value} {spss_text(text, 120)}" for value, text in called.items())
        yield "  ."
    yield "STRING text (A255)."
    for label, text in zip(data.statements, data.texts, strict=True):
        yield f"IF (statement = {spss_text(label, 60)})"
        yield f"  text = {spss_text(text, 255)}."
    yield "VARIABLE LABELS"
    yield "  text 'Statement'."
    yield f"FACTOR /VARIABLES={names[0]} TO {names[-1]}"
    yield "  /PRINT=INITIAL CORRELATION EXTRACTION ROTATION"
    yield "  /EXTRACTION=PC"
    yield "  /ROTATION=VARIMAX."


def _forced(shape: Shape) -> str:
    if not shape.off:
        return "forced = TRUE"
    values = ", ".join(str(value) for value in shape.values().tolist())
    return f"forced = FALSE, distribution = c({values})"


def analysis_script(findings: Findings, made_with: str) -> bytes:
    """R: the analysis repeated with qmethod, from the sorts to factor scores, and compared."""
    return "".join(f"{line}\n" for line in _analysis(findings, made_with)).encode()


def _analysis(findings: Findings, made_with: str) -> Iterator[str]:
    choices = findings.solution.choices
    number = len(findings.solution.factors)
    title = " ".join((findings.data.title or "Q-study").split())
    yield f"# {title}"
    yield f"# Made with {made_with}. Run it in this folder: Rscript analysis.R"
    yield "# It repeats the analysis with qmethod (Zabala 2014) and compares the z-scores."
    yield "library(qmethod)"
    yield f'sorts <- read.csv("{SORTS}", row.names = 1, check.names = FALSE,'
    yield '  fileEncoding = "UTF-8")'
    yield 'ours <- read.csv("zscores.csv", row.names = 1, check.names = FALSE)'
    yield from _own(choices, findings.shape, number)
    yield ""
    yield "# The same scores from our own loadings and flags: whatever extraction and rotation"
    yield 'loadings <- read.csv("loadings.csv", row.names = 1, check.names = FALSE)'
    yield 'flagged <- as.matrix(read.csv("flags.csv", row.names = 1, check.names = FALSE)) == 1'
    yield f"repeated <- qzscores(sorts, nfactors = {number}, {_forced(findings.shape)},"
    yield "  loa = loadings, flagged = flagged)"
    scored = ", ".join(r_text(name) for name in findings.solution.scored)
    yield f"scored <- c({scored})"
    yield "z <- repeated$zsc"
    yield "colnames(z) <- colnames(loadings)"
    yield "print(round(cbind(ours[, scored, drop = FALSE], z[, scored, drop = FALSE]), 3))"
    yield 'cat("greatest difference:",'
    yield '  max(abs(as.matrix(ours[, scored]) - as.matrix(z[, scored]))), "\\n")'


def _own(choices: Choices, shape: Shape, number: int) -> Iterator[str]:
    """qmethod's own extraction and rotation, where it has them."""
    extraction = {"pca": "PCA", "centroid": "centroid"}.get(choices.extraction)
    if extraction is None or choices.rotation not in {"varimax", "none"}:
        yield "# qmethod has no such extraction or rotation: it begins with our loadings below."
        return
    yield f'results <- qmethod(sorts, nfactors = {number}, extraction = "{extraction}",'
    yield f'  rotation = "{choices.rotation}", {_forced(shape)})'
    yield "print(round(results$zsc, 3))"


def sorts_table(data: Dataset) -> Table:
    """The sorts by statement, as R's qmethod reads them."""
    rows = zip(data.statements, data.rows(), strict=True)
    return Table("sorts", ("statement", *data.names), tuple((label, *row) for label, row in rows))
