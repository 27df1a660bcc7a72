"""`kollegial questionnaire import` and `kollegial method import`: from a published instrument
to a file of ours, with what was understood and what was not.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from dialogs import method_file, questionnaire_file
from dialogs.toml_reader import Fault
from research.console import say, stderr
from research.formats.registry import write_files
from research.formats.source import Source
from research.instruments import csv_file, method_toml, questionnaire_toml, reader, yaml_file
from research.instruments.shapes import (
    Assessment,
    Guide,
    Instrument,
    Questionnaire,
    Script,
    Understood,
)
from research.studies import Refused


def import_questionnaire(file: Path, out: Path | None, today: date) -> None:
    """Write a questionnaire file from a questionnaire or a scored assessment.

    Args:
        file: the instrument, `.yaml` or `.csv`.
        out: the file to write; the instrument's id with `.toml` where None.
        today: the day that dates in the file are counted from.

    Raises:
        BadFile: the instrument cannot be read.
        Refused: it is another kind, or does not fit.
        CannotHold: `out` is there already, or cannot be written.
    """
    found = _understand(file)
    if not isinstance(found.instrument, Questionnaire | Assessment):
        raise _another(found.instrument, "method")
    text = questionnaire_toml.write(found.instrument, found.defects, file.name, today)
    read = questionnaire_file.read(file.name, text.encode(), today)
    _write(found, text, out, read if isinstance(read, list) else [])
    say(
        "Then write purpose and information in it, choose its dates, and see that it has no faults:"
        f"\n    kollegial questionnaire check {_target(found, out)}"
    )


def import_method(file: Path, out: Path | None) -> None:
    """Write a method file from a guide or a script; else as `import_questionnaire`."""
    found = _understand(file)
    if not isinstance(found.instrument, Guide | Script):
        raise _another(found.instrument, "questionnaire")
    text = method_toml.write(found.instrument, found.defects, file.name)
    read = method_file.read(file.name, text.encode())
    _write(found, text, out, read if isinstance(read, list) else [])
    say(
        "Then write purpose in it, say what each phase does, and see that it has no faults:\n"
        f"    kollegial method check {_target(found, out)}"
    )


def _understand(file: Path) -> Understood:
    """The instrument in a file, whose ending says whether it is YAML or CSV."""
    source = Source.of(file)
    load = csv_file.load if file.suffix.lower() == ".csv" else yaml_file.load
    return reader.read(load(file.name, source.data))


def _another(instrument: Instrument, command: str) -> Refused:
    return Refused(
        f"This is {_kind(instrument)}, and nothing was written. Import it with: kollegial "
        f"{command} import FILE"
    )


def _write(found: Understood, text: str, out: Path | None, faults: Sequence[Fault]) -> None:
    """Tell what came of it, and write the file, unless it would have faults."""
    for line in told(found):
        say(line)
    faults = [fault for fault in faults if not fault.unfinished]
    for fault in faults:
        stderr.print(f"{fault.what} {fault.remedy}", markup=False)
    if faults:
        raise Refused("The instrument does not fit into a file of ours. Nothing was written.")
    target = _target(found, out)
    write_files({target: text.encode()})
    say(f"Wrote {target}.")


def _target(found: Understood, out: Path | None) -> Path:
    return out or Path(f"{found.instrument.id}.toml")


def told(found: Understood) -> Iterator[str]:
    """What was understood, what was not, and the source's own defects."""
    instrument = found.instrument
    yield f"{instrument.title}: {_kind(instrument)} in {instrument.language}."
    yield from (f"  {line}" for line in _content(instrument))
    if found.left:
        yield "Not taken over:"
        yield from (f"  {one}" for one in found.left)
    if found.defects:
        yield f"Defects of the source, which stay as they are ({len(found.defects)}):"
        yield from (f"  {defect}" for defect in found.defects)


_KINDS: Mapping[type[Instrument], str] = {
    Questionnaire: "a questionnaire",
    Assessment: "a scored assessment",
    Guide: "a guide",
    Script: "a script",
}


def _kind(instrument: Instrument) -> str:
    return _KINDS[type(instrument)]


def _content(instrument: Instrument) -> Iterator[str]:
    match instrument:
        case Questionnaire(background=background, blocks=blocks):
            for block in blocks:
                answers = " | ".join(
                    label if value is not None else f"({label})"
                    for label, value in zip(block.scale.labels, block.scale.values, strict=True)
                )
                yield f"{block.id}: {len(block.items)} items, {block.asked}: {answers}"
            yield f"{len(background)} questions about who answers"
            yield from (f"left out, another wording: {one.id}" for one in instrument.variants)
            yield from (f"left out, at the end: {one}" for one in instrument.closing)
        case Assessment(items=items, bands=bands):
            counted = sum(bool(item.by_count) for item in items)
            yield f"{len(items)} items, {counted} of them by counting criteria"
            yield from (f"{band.least}-{band.greatest}: {band.short}" for band in bands)
            yield from (f"left out, a rule: {rule}" for rule in instrument.rules)
        case Guide(roles=roles):
            yield from (f"{role.id}: {len(role.questions)} questions" for role in roles)
            for shared in instrument.shared():
                how = "in the same words" if shared.identical else "in words of their own"
                yield f"shared {how}: {shared.id}"
            about = dict.fromkeys(one for role in roles for one in role.background)
            yield from (f"left out, about who answers: {one}" for one in about)
        case Script(steps=steps, roles=names):
            yield from (f"{step.number}. {step.what}" for step in steps)
            yield from (f"left out, a role: {role}" for role in names)
            yield from (f"left out, a rule: {rule}" for rule in instrument.rules)
