"""Scripts beside the numbers: for R (also in jamovi), and SPSS syntax (also for PSPP).

Each reads the coded CSV, labels everything, declares what is missing, and repeats the tables.
"""

from collections.abc import Iterator, Mapping, Sequence

from research.leaving.variables import Columns, SumVariable

CODED = "answers_coded.csv"
_SPSS_WIDTH = 100


def r_script(columns: Columns, title: str, program: str) -> bytes:
    """R: base R alone."""
    return _lines(_r(columns, title, program), "\n")


def _r(columns: Columns, title: str, program: str) -> Iterator[str]:
    yield f"# {_one_line(title)}"
    yield f"# Made with {program}. Run it in this folder: Rscript answers.R"
    yield f'answers <- read.csv("{CODED}", fileEncoding = "UTF-8", stringsAsFactors = FALSE)'
    yield "coded <- answers  # with the codes of what is missing"
    yield ""
    yield "labels <- c("
    yield from _joined(f"  {v.name} = {r_text(v.label)}" for v in columns.variables)
    yield ")"
    yield "values <- list("
    yield from _joined(f"  {v.name} = {_r_values(v.values)}" for v in columns.variables)
    yield ")"
    yield "missing <- list("
    yield from _joined(f"  {v.name} = {_r_values(v.missing)}" for v in columns.variables)
    yield ")"
    yield "for (name in names(labels)) {"
    yield "  answers[[name]][answers[[name]] %in% missing[[name]]] <- NA"
    yield '  attr(answers[[name]], "label") <- labels[[name]]'
    yield "}"
    yield ""
    yield "# Counts, with what is missing told apart"
    yield "for (name in names(labels)) {"
    yield "  all <- c(values[[name]], missing[[name]])"
    yield '  cat("\\n", labels[[name]], "\\n", sep = "")'
    yield "  print(table(factor(coded[[name]], levels = all, labels = names(all))))"
    yield "}"
    numbers = ", ".join(r_text(v.name) for v in columns.variables if v.level == "ordinal")
    if numbers:
        yield ""
        yield "# Means of the answers that are numbers"
        yield f"numbers <- c({numbers})"
        yield "print(t(sapply(answers[numbers], function(x) c("
        yield "  n = sum(!is.na(x)), mean = mean(x, na.rm = TRUE),"
        yield "  median = median(x, na.rm = TRUE), sd = sd(x, na.rm = TRUE)))))"
    for one in columns.sums:
        if one.is_simple:
            yield ""
            yield from _r_sum(one)


def _r_sum(one: SumVariable) -> Iterator[str]:
    yield f"# {_one_line(one.label)}: of those who answered 80 %, their mean for the rest"
    yield f"terms <- with(answers, cbind({', '.join(one.terms)}))"
    yield "enough <- rowSums(!is.na(terms)) >= 0.8 * ncol(terms)"
    yield f"answers${one.name} <- ifelse(enough, rowMeans(terms, na.rm = TRUE) * ncol(terms), NA)"
    yield f"x <- answers${one.name}"
    yield "print(c(n = sum(!is.na(x)), mean = mean(x, na.rm = TRUE), sd = sd(x, na.rm = TRUE)))"
    yield "whole <- terms[complete.cases(terms), , drop = FALSE]"
    yield "k <- ncol(whole)"
    yield "alpha <- k / (k - 1) * (1 - sum(apply(whole, 2, var)) / var(rowSums(whole)))"
    yield 'cat("alpha:", alpha, "\\n")'


def _r_values(meant: Mapping[int, str]) -> str:
    return f"c({', '.join(f'{r_text(text)} = {value}' for value, text in meant.items())})"


def r_text(text: str) -> str:
    """A string in double quotes; names of vectors too, in which a backtick would need care."""
    plain = _one_line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'


# --- SPSS ---------------------------------------------------------------------------------------


def spss_syntax(columns: Columns, title: str, program: str) -> bytes:
    """SPSS syntax in UTF-8 with a mark, which SPSS knows it by."""
    return b"\xef\xbb\xbf" + _lines(_spss(columns, title, program), "\r\n")


def _spss(columns: Columns, title: str, program: str) -> Iterator[str]:
    yield "* Encoding: UTF-8."
    yield f"* {_remark(title)}."
    yield f"* Made with {_remark(program)}."
    yield "* Open this file in its own folder, or write the whole path of the CSV below."
    yield "GET DATA"
    yield "  /TYPE=TXT"
    yield f"  /FILE='{CODED}'"
    yield "  /ENCODING='UTF8'"
    yield "  /ARRANGEMENT=DELIMITED"
    yield "  /DELIMITERS=','"
    yield "  /QUALIFIER='\"'"
    yield "  /FIRSTCASE=2"
    yield "  /VARIABLES="
    yield "  pseudonym A60"
    yield from (f"  {v.name} F8.0" for v in columns.variables)
    yield "  ."
    yield "CACHE."
    yield "EXECUTE."
    for v in columns.variables:
        yield "VARIABLE LABELS"
        yield f"  {v.name} {spss_text(v.label, 255)}."
    for v in columns.variables:
        yield f"VALUE LABELS {v.name}"
        meant = {**v.values, **v.missing}
        yield from (f"  {value} {spss_text(text, 120)}" for value, text in meant.items())
        yield "  ."
    if columns.variables:
        lowest, highest = columns.lowest, max(c for v in columns.variables for c in v.missing)
        yield from _listed("MISSING VALUES", [v.name for v in columns.variables])
        yield f"  ({lowest} THRU {highest})."
    for level in ("nominal", "ordinal"):
        if names := [v.name for v in columns.variables if v.level == level]:
            yield from _listed("VARIABLE LEVEL", names)
            yield f"  ({level.upper()})."
    if columns.variables:
        yield from _listed("FREQUENCIES VARIABLES=", [v.name for v in columns.variables])
        yield "  /ORDER=ANALYSIS."
    if numbers := [v.name for v in columns.variables if v.level == "ordinal"]:
        yield from _listed("DESCRIPTIVES VARIABLES=", numbers)
        yield "  /STATISTICS=MEAN STDDEV MIN MAX."
    for one in columns.sums:
        if one.is_simple:
            yield from _spss_sum(one)
    yield "EXECUTE."


def _spss_sum(one: SumVariable) -> Iterator[str]:
    """The sum of those who answered 80 % of it, and how well its items go together."""
    terms = []
    for number, term in enumerate(one.terms, 1):
        if term.startswith("("):
            name = f"{one.name[:50]}_r{number}"
            yield f"COMPUTE {name} = {term[1:-1]}."
            terms.append(name)
        else:
            terms.append(term)
    yield f"COMPUTE {one.name} = {len(terms)} * MEAN.{-(-4 * len(terms) // 5)}({terms[0]}"
    yield from (f"  , {term}" for term in terms[1:])
    yield "  )."
    yield "VARIABLE LABELS"
    yield f"  {one.name} {spss_text(one.label, 255)}."
    yield f"DESCRIPTIVES VARIABLES={one.name}"
    yield "  /STATISTICS=MEAN STDDEV MIN MAX."
    yield from _listed("RELIABILITY /VARIABLES=", terms)
    yield f"  /SCALE({spss_text(one.label, 60)}) ALL"
    yield "  /MODEL=ALPHA"
    yield "  /SUMMARY=TOTAL."


def _listed(command: str, names: Sequence[str]) -> Iterator[str]:
    """A command and its variables, some on each line."""
    yield command
    line = " "
    for name in names:
        if len(line) + len(name) > _SPSS_WIDTH:
            yield line
            line = " "
        line += f" {name}"
    yield line


def spss_text(text: str, most: int) -> str:
    """A string in single quotes of at most so many bytes."""
    plain = _one_line(text)
    while len(plain.encode()) > most:
        plain = plain[:-1]
    return "'" + plain.replace("'", "''") + "'"


def _remark(text: str) -> str:
    """A text in which no line ends a comment."""
    return _one_line(text).rstrip(".")[:200]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _joined(parts: Iterator[str]) -> Iterator[str]:
    """The parts with commas behind all but the last."""
    each = list(parts)
    for number, part in enumerate(each, 1):
        yield part + ("," if number < len(each) else "")


def _lines(lines: Iterator[str], end: str) -> bytes:
    return "".join(line + end for line in lines).encode()
