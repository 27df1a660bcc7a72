"""Every place in the commands and in `research` that writes a file, found in the code itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

NAMES = frozenset({"write_bytes", "write_text", "fdopen", "mkstemp"})
"""What puts bytes on a disk, by whatever it is called on."""
PASSING_ON = frozenset(
    {
        "cli/code.py:_write_folder",
        "cli/importing.py:_write_file",
        "cli/importing.py:_write_and_tell",
        "research/export.py:write_export",
        "research/export.py:write_csv",
        "research/files.py:write_new",
        "research/formats/registry.py:write_files",
        "research/questionnaires/answers.py:write",
        "research/report/folder.py:write",
    }
)
"""Functions that write what they are given: who calls them is the writer. Those called `write`
are known by their module too, for much else is called so."""


def writers(root: Path) -> set[str]:
    """Each as `file.py:function`; those that pass on are among them."""
    words = (
        rf"{'|'.join(NAMES | _passing() - {'write'})}|\w\.write\(|\.open\([^)]*['\"][wxa]".encode()
    )
    found = set()
    for path in sorted(
        path for part in ("cli", "research") for path in (root / part).rglob("*.py")
    ):
        code = path.read_bytes()
        if not re.search(words, code):  # parsing takes its time
            continue
        for one in ast.walk(ast.parse(code)):
            if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and any(_writes(one)):
                found.add(f"{path.relative_to(root).as_posix()}:{one.name}")
    return found


def _writes(function: ast.AST) -> Iterator[bool]:
    modules = {Path(site.partition(":")[0]).stem for site in PASSING_ON if site.endswith(":write")}
    for call in ast.walk(function):
        if not isinstance(call, ast.Call):
            continue
        on, name = _called(call.func)
        if name == "write":
            yield on in modules
        elif name == "open":
            yield any(isinstance(a, ast.Constant) and str(a.value)[:1] in "wxa" for a in call.args)
        else:
            yield name in NAMES | _passing()


def _passing() -> frozenset[str]:
    return frozenset(site.rpartition(":")[2] for site in PASSING_ON)


def _called(called: ast.expr) -> tuple[str, str]:
    """What a call is made on, where that is a name, and what is called."""
    if isinstance(called, ast.Attribute):
        return (called.value.id if isinstance(called.value, ast.Name) else ""), called.attr
    return "", called.id if isinstance(called, ast.Name) else ""
