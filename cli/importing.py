"""`kollegial questionnaire import` and `kollegial method import`: from a published instrument
to a file of ours, with what was understood and what was not.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from cli.streams import say, stderr
from dialogs.faults import Fault
from dialogs.sessions import method_file
from dialogs.studies import questionnaire_file, study_file
from research import study_folder
from research.formats.registry import write_files
from research.formats.source import SourceFile
from research.instruments import (
    csv_file,
    method_toml,
    programs,
    questionnaire_toml,
    reader,
    yaml_file,
)
from research.instruments.scales import doubts
from research.instruments.shapes import (
    Assessment,
    GuideShape,
    Instrument,
    QuestionnaireShape,
    RoleShape,
    Script,
    Understood,
)
from research.studies import StudyRefused
from research.tables.known import refuse_program_files
from research.tables.workbook import concealed


def import_questionnaire(file: Path, out: Path | None, today: date, role: str = "") -> None:
    """Write a questionnaire file from a questionnaire, a scored assessment, or a guide: one for
    each role.

    Args:
        file: the instrument, `.yaml` or `.csv`.
        out: the file to write; the instrument's id with `.toml` where None.
        today: the day that dates in the file are counted from.
        role: of a guide, the role whose interview is written; all where empty.

    Raises:
        BadFile: the instrument cannot be read.
        Refused: it is another kind, or does not fit.
        CannotHold: `out` is there already, or cannot be written.
    """
    found = _understand(file)
    if isinstance(found.instrument, GuideShape) and not found.instrument.is_form:
        _import_interviews(found, found.instrument, _Named(file.name, out), today, role)
        return
    if not isinstance(found.instrument, QuestionnaireShape | Assessment):
        raise _another(found.instrument, "method")
    if role:
        raise StudyRefused(
            f"This is {_kind(found.instrument)}, which has no roles, and nothing was written. "
            "Leave --role out."
        )
    text = questionnaire_toml.write(found.instrument, found.defects, file.name, today)
    read = questionnaire_file.read(file.name, text.encode(), today)
    _write_and_tell(found, text, out, read if isinstance(read, list) else [])
    say(
        "Then write purpose and information in it, choose its dates, and see that it has no faults:"
        f"\n    kollegial questionnaire check {_target(found, out)}"
    )


class _Named(NamedTuple):
    """The file that is read, and the one that is to be written, where that is said."""

    source: str
    target: Path | None


def _import_interviews(
    found: Understood, guide: GuideShape, named: _Named, today: date, role: str
) -> None:
    """An interview in writing for each role, or for one: all files, or none."""
    roles = [one for one in guide.roles if role in ("", one.id)]
    if not roles:
        there = ", ".join(one.id for one in guide.roles)
        raise StudyRefused(
            f"The guide has no role {role!r}, and nothing was written. Its roles are {there}."
        )
    for line in (*told(found), *_not_asked(guide, roles)):
        say(line)
    texts, faulty = dict[Path, str](), False
    for one in roles:
        target = _for_role(guide, one, named.target, alone=len(roles) == 1)
        text = questionnaire_toml.interview(guide, one, found.defects, named.source, today)
        read = questionnaire_file.read(target.name, text.encode(), today)
        faulty |= _has_faults(read if isinstance(read, list) else [])
        texts[target] = text
    if faulty:
        raise StudyRefused("It does not fit into a file of ours. Nothing was written.")
    write_files({target: text.encode() for target, text in texts.items()})
    say(f"Wrote {', '.join(map(str, texts))}.")
    say(
        "Then write purpose and information, choose its dates, and see that it has no faults:\n"
        + "\n".join(f"    kollegial questionnaire check {target}" for target in texts)
    )


def _for_role(guide: GuideShape, role: RoleShape, out: Path | None, *, alone: bool) -> Path:
    name = Path(f"{questionnaire_toml.form_id(guide, role)}.toml")
    if out is None:
        return name
    own = questionnaire_toml.name_of_role(guide, role)
    return out if alone else out.with_name(f"{out.stem}-{own}{out.suffix or '.toml'}")


def _not_asked(guide: GuideShape, roles: Sequence[RoleShape]) -> Iterator[str]:
    """What the source has, and an interview in writing does not show."""
    yield from (f"left out, a rule of the talk: {rule}" for rule in guide.rules)
    ends = (one for role in roles for one in questionnaire_toml.said_at_the_end(role))
    yield from (f"left out, at the end: {one}" for one in dict.fromkeys(ends))
    asked = [one for role in roles for one in role.questions]
    for name in ("kind", "phase", "level"):
        if n := sum(bool(getattr(one, name)) for one in asked):
            yield f"left out, what the guide calls the {name} of a question: {n} times"


def import_method(file: Path, out: Path | None) -> None:
    """Write a method file from a guide or a script; else as `import_questionnaire`."""
    found = _understand(file)
    if not isinstance(found.instrument, GuideShape | Script):
        raise _another(found.instrument, "questionnaire")
    text = method_toml.write(found.instrument, found.defects, file.name)
    read = method_file.read(file.name, text.encode())
    _write_and_tell(found, text, out, read if isinstance(read, list) else [])
    say(
        "Then write purpose in it, say what each phase does, and see that it has no faults:\n"
        f"    kollegial method check {_target(found, out)}"
    )


def import_study(folder: Path, language: str, out: Path | None, today: date) -> None:
    """Write a study file from the folder of an HTMLQ or EQ Web Sort study.

    Raises as `import_questionnaire`.
    """
    found = study_folder.read(folder, language, today)
    read = study_file.read("study.toml", found.text.encode(), lambda _: None, today)
    say(f"{folder.name}: {found.found}.")
    if found.left:
        say("Not taken over:")
        for line in found.left:
            say(f"  {line}")
    target = out or Path(f"{found.id}.toml")
    _write_file(found.text, target, read if isinstance(read, list) else [])
    say(
        "Then write what is NOT FINISHED in it, choose its dates, and see that it has no faults:"
        f"\n    kollegial study check {target}"
    )


def _understand(file: Path) -> Understood:
    """The instrument in a file: a table, a survey in JSON, or YAML."""
    source = SourceFile.of(file)
    if file.suffix.lower() in {".yaml", ".yml"}:
        return reader.read(yaml_file.load(file.name, source.data))
    refuse_program_files(source)
    if isinstance(source.json, dict) and source.json.keys() & {"guides", "themes", "prompts"}:
        return reader.read(yaml_file.load(file.name, source.data))  # JSON is YAML
    if source.json is not None:
        return reader.read(programs.surveyjs(file.name, csv_file.slug(file.stem), source.json))
    for _, said in concealed(source):
        say(said)
    return reader.read(csv_file.load(source))


def _another(instrument: Instrument, command: str) -> StudyRefused:
    return StudyRefused(
        f"This is {_kind(instrument)}, and nothing was written. Import it with: kollegial "
        f"{command} import FILE"
    )


def _write_and_tell(
    found: Understood, text: str, out: Path | None, faults: Sequence[Fault]
) -> None:
    """Tell what came of it, and write the file, unless it would have faults."""
    for line in told(found):
        say(line)
    _write_file(text, _target(found, out), faults)


def _has_faults(faults: Sequence[Fault]) -> bool:
    """Say the faults that are none of what is still to be written."""
    faults = [fault for fault in faults if not fault.unfinished]
    for fault in faults:
        stderr.print(f"{fault.what} {fault.remedy}", markup=False)
    return bool(faults)


def _write_file(text: str, target: Path, faults: Sequence[Fault]) -> None:
    if _has_faults(faults):
        raise StudyRefused("It does not fit into a file of ours. Nothing was written.")
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
    QuestionnaireShape: "a questionnaire",
    Assessment: "a scored assessment",
    GuideShape: "a guide",
    Script: "a script",
}


def _kind(instrument: Instrument) -> str:
    if isinstance(instrument, GuideShape) and instrument.is_form:
        return "a form that is filled in alone and stays with its writer"
    return _KINDS[type(instrument)]


def _content(instrument: Instrument) -> Iterator[str]:
    match instrument:
        case QuestionnaireShape(background=background, blocks=blocks):
            for block in blocks:
                scale = list(zip(block.scale.labels, block.scale.values, strict=True))
                counts = [value for _, value in scale if value is not None]
                are_told = counts != list(range(1, len(counts) + 1))
                answers = " | ".join(
                    f"({label})" if value is None else f"{value} = {label}" if are_told else label
                    for label, value in scale
                )
                how = answers or "answered in words"
                yield f"{block.id}: {len(block.items)} items, {block.asked}: {how}"
                yield from doubts(block.scale.labels, block.scale.values)
                if unknown := [label for label, value in scale if value is None]:
                    yield f"no step of the scale, and in no mean: {', '.join(unknown)}"
            yield f"{len(background)} questions about who answers"
            yield from (f"left out, another wording: {one.id}" for one in instrument.variants)
            yield from (f"left out, at the end: {one}" for one in instrument.closing)
        case Assessment(items=items, bands=bands):
            counted = sum(bool(item.by_count) for item in items)
            yield f"{len(items)} items, {counted} of them by counting criteria"
            yield from (f"{band.least}-{band.greatest}: {band.short}" for band in bands)
            yield from (f"left out, a rule: {rule}" for rule in instrument.rules)
        case GuideShape(roles=roles):
            for role in roles:
                probed = sum(bool(one.follow_ups or one.parts) for one in role.questions)
                more = f", {probed} with more to ask" if probed else ""
                yield f"{role.id}: {len(role.questions)} questions{more}"
            for shared in instrument.shared():
                how = "in the same words" if shared.identical else "in words of their own"
                yield f"shared {how}: {shared.id}"
            about = dict.fromkeys(one for role in roles for one in role.background)
            yield from (f"left out, about who answers: {one}" for one in about)
        case Script(steps=steps, roles=names):
            yield from (f"{step.number}. {step.what}" for step in steps)
            yield from (f"left out, a role: {role}" for role in names)
            yield from (f"left out, a rule: {rule}" for rule in instrument.rules)
