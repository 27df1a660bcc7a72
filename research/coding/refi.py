"""REFI-QDA 1.5: a codebook (`.qdc`) and a project (`.qdpx`), for NVivo, MAXQDA, ATLAS.ti and kin.

A project holds each text as a source of its own, under the text's name, so that a coding
of any of these programs finds its way back. Positions count characters from 0, and the
end is the place after the last.
"""

import io
import re
import uuid
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from xml.etree import ElementTree as ET

from dialogs.faults import Fault
from research.coding.codebook import CodebookEntry
from research.coding.coded import Coding, Unit
from research.coding.material import Material, Passage
from research.coding.table import FilledRow
from research.formats.faults import BadFile
from research.formats.source import SourceFile

PROJECT, CODEBOOK = "urn:QDA-XML:project:1.0", "urn:QDA-XML:codebook:1.0"
_SPACE = uuid.UUID("b9c5f7c2-6b5e-4f0c-9a53-7a1f0f0d8c11")
"""Of the guids, which are the same for the same names: the same coding gives the same file."""
_EPOCH = (1980, 1, 1, 0, 0, 0)


def is_refi(source: SourceFile) -> bool:
    """Whether a file is a project or a codebook."""
    return "project.qde" in source.members or b"urn:QDA-XML:" in source.data[:2000]


# --- Out ----------------------------------------------------------------------------------------


def codebook(entries: Sequence[CodebookEntry], origin: str) -> bytes:
    """The codebook as `.qdc`."""
    root = ET.Element("CodeBook", {"xmlns": CODEBOOK, "origin": origin})
    _codes(ET.SubElement(root, "Codes"), entries)
    return _document(root)


def project(
    found: Material, coding: Coding | None, entries: Sequence[CodebookEntry], origin: str
) -> bytes:
    """The project as `.qdpx`: the texts, and where there is a coding its codes and units."""
    root = ET.Element("Project", {"xmlns": PROJECT, "name": "Kollegial", "origin": origin})
    users = ET.SubElement(root, "Users")
    ET.SubElement(users, "User", {"guid": _guid("user"), "name": "Kollegial"})
    if entries:
        _codes(ET.SubElement(ET.SubElement(root, "CodeBook"), "Codes"), entries)
    sources = ET.SubElement(root, "Sources")
    members: dict[str, str] = {}
    for passage in found.passages:
        name = f"{_guid('source', passage.id)}.txt"
        members[f"sources/{name}"] = passage.text
        units = [u for u in coding.coded if u.passage.id == passage.id] if coding else []
        _source(sources, passage, name, units)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in {"project.qde": _document(root).decode(), **members}.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return buffer.getvalue()


def _source(sources: ET.Element, passage: Passage, name: str, units: Iterable[Unit]) -> None:
    source = ET.SubElement(
        sources,
        "TextSource",
        {
            "guid": _guid("source", passage.id),
            "name": passage.id,
            "plainTextPath": f"internal://{name}",
        },
    )
    if passage.question:
        ET.SubElement(source, "Description").text = passage.question
    by_part: dict[tuple[int, int], list[Unit]] = {}
    for unit in units:
        by_part.setdefault(_part(passage.text, unit.row.unit), []).append(unit)
    for (start, end), here in sorted(by_part.items(), key=lambda item: item[0]):
        selection = ET.SubElement(
            source,
            "PlainTextSelection",
            {
                "guid": _guid("selection", passage.id, str(start), str(end)),
                "name": here[0].row.condensed[:60],
                "startPosition": str(start),
                "endPosition": str(end),
            },
        )
        for unit in here:
            coding = ET.SubElement(
                selection,
                "Coding",
                {"guid": _guid("coding", passage.id, str(start), str(end), unit.row.code)},
            )
            ET.SubElement(coding, "CodeRef", {"targetGUID": _guid("code", unit.row.code)})


def _part(text: str, unit: str) -> tuple[int, int]:
    """Where a meaning unit stands in its text, word for word; else all of the text."""
    words = re.search(r"\s+".join(map(re.escape, unit.split())), text) if unit else None
    return words.span() if words else (0, len(text))


def _codes(codes: ET.Element, entries: Sequence[CodebookEntry]) -> None:
    """Codes below their categories, main categories and themes."""
    owners: dict[tuple[str, ...], ET.Element] = {(): codes}
    for one in entries:
        path = tuple(filter(None, (one.theme, one.main_category, one.category)))
        for depth in range(1, len(path) + 1):
            if path[:depth] not in owners:
                owners[path[:depth]] = ET.SubElement(
                    owners[path[: depth - 1]],
                    "Code",
                    {
                        "guid": _guid("category", *path[:depth]),
                        "name": path[depth - 1],
                        "isCodable": "false",
                    },
                )
        code = ET.SubElement(
            owners[path],
            "Code",
            {"guid": _guid("code", one.code), "name": one.code, "isCodable": "true"},
        )
        if one.definition:
            ET.SubElement(code, "Description").text = one.definition


def _guid(*names: str) -> str:
    return str(uuid.uuid5(_SPACE, "\x1f".join(names)))


def _document(root: ET.Element) -> bytes:
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


# --- In -----------------------------------------------------------------------------------------


def read_codes(source: SourceFile) -> tuple[CodebookEntry, ...]:
    """The codes of a project or a codebook, with their definitions and what they belong to."""
    root = _root(source)
    return tuple(entry for _, entry in _entries(root))


def read_codings(source: SourceFile, found: Material) -> list[FilledRow]:
    """A row for each coding of our texts, known by the names of their sources.

    Raises:
        BadFile: the file is no project, or none of its sources is one of our texts.
    """
    root = _root(source)
    entries = dict(_entries(root))
    known = {passage.id: passage for passage in found.passages}
    rows: list[FilledRow] = []
    names = []
    for text in root.iter(f"{{{PROJECT}}}TextSource"):
        name = text.get("name", "").removesuffix(".txt").removesuffix(".docx").strip()
        names.append(name)
        if name not in known:
            continue
        whole = _text(source, text) or known[name].text
        for selection in text.findall(f"{{{PROJECT}}}PlainTextSelection"):
            start, end = (_position(selection, key) for key in ("startPosition", "endPosition"))
            part = "" if end - start >= len(whole.strip()) else whole[start:end]
            rows += _coded(selection, name, part, entries, len(rows))
        rows += _coded(text, name, "", entries, len(rows))
    if not rows:
        raise _no_codings(source, names, len(entries))
    return rows


def _coded(
    owner: ET.Element, name: str, part: str, entries: Mapping[str, CodebookEntry], before: int
) -> Iterator[FilledRow]:
    for n, coding in enumerate(owner.findall(f"{{{PROJECT}}}Coding"), before + 1):
        for reference in coding.findall(f"{{{PROJECT}}}CodeRef"):
            entry = entries.get(reference.get("targetGUID", "").lower(), CodebookEntry("?"))
            yield FilledRow(
                n, name, "", "", entry.code, entry.category, entry.main_category, "",
                " ".join(part.split()), entry.theme, of_program=True,
            )  # fmt: skip


def _entries(root: ET.Element) -> Iterator[tuple[str, CodebookEntry]]:
    """Codes that are leaves or can be given, by guid."""
    space = root.tag.partition("}")[0].lstrip("{")
    book = root if root.tag.endswith("}CodeBook") else root.find(f"{{{space}}}CodeBook")
    codes = book.find(f"{{{space}}}Codes") if book is not None else None

    def below(owner: ET.Element, path: tuple[str, ...]) -> Iterator[tuple[str, CodebookEntry]]:
        for code in owner.findall(f"{{{space}}}Code"):
            name = " ".join(code.get("name", "").split())
            inner = code.findall(f"{{{space}}}Code")
            if not inner or code.get("isCodable", "true") in {"true", "1"}:
                theme, main, category = ("", "", "", *path)[-3:]
                text = code.findtext(f"{{{space}}}Description") or ""
                entry = CodebookEntry(name, " ".join(text.split()), category, main, theme)
                yield code.get("guid", "").lower(), entry
            yield from below(code, (*path, name))

    if codes is not None:
        yield from below(codes, ())


def _position(selection: ET.Element, key: str) -> int:
    text = selection.get(key, "0")
    return int(text) if text.isdigit() else 0


def _text(source: SourceFile, text: ET.Element) -> str:
    """The text of a source: in the project, or in a file of the archive."""
    content = text.findtext(f"{{{PROJECT}}}PlainTextContent")
    if content is not None:
        return content
    name = text.get("plainTextPath", "").removeprefix("internal://")
    member = next((m for m in source.members if name and m.endswith(f"/{name}")), None)
    if member is None:
        return ""
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        return SourceFile(source.path, archive.read(member)).text


def _root(source: SourceFile) -> ET.Element:
    data = source.data
    if "project.qde" in source.members:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = archive.read("project.qde")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise _refused("The XML declares a type or entities.", "plain XML", "Export it again.")
    try:
        return ET.fromstring(data)  # noqa: S314 - declarations are refused above
    except ET.ParseError as error:
        raise _refused(f"This is no XML: {error}.", "REFI-QDA", "Export it again.") from None


def _no_codings(source: SourceFile, names: Sequence[str], codes: int) -> BadFile:
    there = ", ".join(names[:5]) or "none"
    return _refused(
        f"{source.path.name} is a REFI-QDA project with {codes} codes and no coding of a text that "
        f"was shared. Its sources: {there}.",
        "sources with the names that the texts have in shared.jsonl",
        "Code the project.qdpx that `kollegial code export` wrote. For the codes alone, take it "
        "as --codebook.",
    )


def _refused(found: str, expected: str, remedy: str) -> BadFile:
    return BadFile([Fault("", found, expected, remedy)])
