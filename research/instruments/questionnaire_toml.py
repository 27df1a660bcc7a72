"""A published questionnaire, scored assessment or guide as one of our questionnaire files.

A guide becomes an interview of one person in writing: every question is answered in words.

What the instrument does not have, a researcher must write: the information
above all. The file says so where it stands.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import TypeAlias

from dialogs.studies.questionnaire_file import MAX_BLOCK_ITEMS, MAX_INTRO, MAX_WORDS
from dialogs.toml.reader import MAX_HELP, MAX_MINUTES, MAX_TITLE
from research.instruments.shapes import (
    Assessment,
    Background,
    BlockShape,
    ConditionShape,
    GuideShape,
    InstrumentDefect,
    ItemShape,
    Question,
    QuestionnaireShape,
    RoleShape,
    ScaleShape,
    Scored,
)
from research.instruments.toml_text import (
    Value,
    comment,
    divided,
    pairs,
    paragraph,
    quoted,
    shortened,
    table,
)

ITEMS_A_MINUTE = 4
LEAST_MINUTES = 5
MINUTES_IN_WORDS = 4
"""Of a question that is answered in words, where the guide says no length."""
MAX_COLUMN = 20
MAX_FORM_ID = 40
KEPT = timedelta(days=365)
_SAID: Mapping[str, Mapping[str, str]] = {
    "nb": {
        "purpose": "IKKE FERDIG: Skriv hva skjemaet er til.",
        "information": (
            "IKKE FERDIG: Skriv informasjonen til dem som skal svare. Den må si hva formålet er, "
            "hvem som er ansvarlig, at det er frivillig, hva som samles inn, at svaret er "
            "pseudonymt og ikke anonymt, hvem som ser det, hvordan man trekker seg, hvor lenge "
            "det tas vare på, og hvem man kan spørre."
        ),
        "before": "før",
        "after": "etter",
        "part": "Del",
        "background": "Om deg",
        "criteria": "Hva av dette er på plass?",
        "level": "Hvilket nivå passer best?",
        "question": "Spørsmål",
        "questions": "Spørsmål",
        "end": "Til slutt",
        "few": "Få blir intervjuet: Si også at forskerne kan skjønne hvem som har skrevet hva.",
        "sum": "Summen",
    },
    "nn": {
        "purpose": "IKKJE FERDIG: Skriv kva skjemaet er til.",
        "information": (
            "IKKJE FERDIG: Skriv informasjonen til dei som skal svare. Han må seie kva føremålet "
            "er, kven som er ansvarleg, at det er frivillig, kva som blir samla inn, at svaret er "
            "pseudonymt og ikkje anonymt, kven som ser det, korleis ein trekkjer seg, kor lenge "
            "det blir teke vare på, og kven ein kan spørje."
        ),
        "before": "før",
        "after": "etter",
        "part": "Del",
        "background": "Om deg",
        "criteria": "Kva av dette er på plass?",
        "level": "Kva nivå passar best?",
        "question": "Spørsmål",
        "questions": "Spørsmål",
        "end": "Til slutt",
        "few": "Få blir intervjua: Sei også at forskarane kan skjøne kven som har skrive kva.",
        "sum": "Summen",
    },
    "en": {
        "purpose": "NOT FINISHED: Write what the form is for.",
        "information": (
            "NOT FINISHED: Write the information for those who are to answer. It must say what "
            "the purpose is, who is responsible, that it is voluntary, what is collected, that "
            "the answer is pseudonymous and not anonymous, who sees it, how to withdraw, how "
            "long it is kept, and whom to ask."
        ),
        "before": "before",
        "after": "after",
        "part": "Part",
        "background": "About you",
        "criteria": "Which of these are in place?",
        "level": "Which level fits best?",
        "question": "Question",
        "questions": "Questions",
        "end": "At the end",
        "few": "Few are interviewed: say also that the researchers may see who wrote what.",
        "sum": "The sum",
    },
}


def write(
    instrument: QuestionnaireShape | Assessment,
    defects: Iterable[InstrumentDefect],
    name: str,
    today: date,
) -> str:
    """The file's text. `name` is the file it was imported from."""
    writer = _Writer(instrument.language, today)
    parts = (
        writer.questionnaire(instrument)
        if isinstance(instrument, QuestionnaireShape)
        else writer.assessment(instrument)
    )
    said = [f"Defect of the source: {defect}" for defect in defects]
    return "\n".join([*comment([*_REMARKS, f"From {name}.", *said]), *parts]) + "\n"


_REMARKS = (
    "Imported. The wording is the instrument's own: use it only if you have the right to.",
    "Before you create it: write purpose and information, and choose retention and last days.",
)


def interview(
    guide: GuideShape, role: RoleShape, defects: Iterable[InstrumentDefect], name: str, today: date
) -> str:
    """The text of an interview in writing: the questions of one role, and of no other."""
    writer = _Writer(guide.language, today)
    said = [f"Defect of the source: {defect}" for defect in defects]
    parts = writer.interview(guide, role)
    return "\n".join([*comment([*_REMARKS, f"From {name}.", *said]), *parts]) + "\n"


def form_id(guide: GuideShape, role: RoleShape) -> str:
    """The id of a role's interview: the guide's, with the role's where there are several."""
    if len(guide.roles) == 1:
        return guide.id
    own = name_of_role(guide, role)
    return f"{guide.id[: MAX_FORM_ID - 1 - len(own)]}-{own}"


def name_of_role(guide: GuideShape, role: RoleShape) -> str:
    """A role's id as part of a name; its place where another's would be the same."""
    names = [re.sub(r"[^a-z0-9_-]", "-", one.id.lower())[:MAX_COLUMN] for one in guide.roles]
    place = guide.roles.index(role)
    return names[place] if names.count(names[place]) == 1 else f"r{place + 1}"


def asked_in_words(role: RoleShape) -> list[Question]:
    """The single questions: those of a point of several, where each has a key of its own."""
    asked = []
    for question in role.questions:
        keyed = [part for part in question.parts if part.id]
        asked += keyed or [question]
    return asked


class _Writer:
    """Writes in one language, as the instrument is in one."""

    def __init__(self, language: str, today: date) -> None:
        self._language = language
        self._today = today
        self._said = _SAID.get(language, _SAID["en"])

    def _head(
        self, identity: str, title: str, items: int, minutes: int = 0, more: str = ""
    ) -> Iterator[str]:
        yield from pairs(
            {
                "kind": "questionnaire",
                "id": identity,
                "languages": [self._language],
                "minutes": min(max(LEAST_MINUTES, items // ITEMS_A_MINUTE, minutes), MAX_MINUTES),
                "title": shortened(title, MAX_TITLE),
                "purpose": self._said["purpose"],
            }
        )
        yield f"retention = {self._today + KEPT}"
        yield from table("[information]", {"version": "0"})
        yield f"text = {paragraph(' '.join([self._said['information'], more]).strip())}"

    # Questionnaires

    def questionnaire(self, form: QuestionnaireShape) -> Iterator[str]:
        yield from self._head(form.id, form.title, sum(1 for _ in form.items()))
        if any(block.asked != "both" for block in form.blocks):
            for wave in ("before", "after"):
                title = shortened(form.title, MAX_TITLE - 10)
                yield from table(f"[waves.{wave}]", {"text": f"{title}: {self._said[wave]}"})
        scales = list(dict.fromkeys(b.scale for b in form.blocks if b.way == "one"))
        for number, scale in enumerate(scales, 1):
            yield from _scale(scale, f"s{number}")
        if form.background:
            yield from self._background(form.background)
        answers = {item.number: _by_label(b) for b in form.blocks for item in b.items}
        for number, block in enumerate(form.blocks, 1):
            name = f"s{scales.index(block.scale) + 1}" if block.way == "one" else ""
            yield from self._block(block, number, name, answers)

    def _background(self, fields: Sequence[Background]) -> Iterator[str]:
        title = self._said["background"]
        yield from table("[[blocks]]", {"id": "bg", "title": title, "background": True})
        for number, one in enumerate(fields, 1):
            answer = "one" if one.options else "text"
            values: dict[str, Value] = {"id": f"bg{number}", "text": one.text, "answer": answer}
            yield from table("[[blocks.items]]", values)
            for choice, text in enumerate(one.options, 1):
                yield from table("[[blocks.items.choices]]", {"id": f"c{choice}", "text": text})

    def _block(
        self, block: BlockShape, number: int, scale: str, answers: "_Answers"
    ) -> Iterator[str]:
        """One of ours, or several where a card has no room for all items."""
        most = MAX_WORDS if block.way == "text" else MAX_BLOCK_ITEMS
        for part, start in enumerate(range(0, len(block.items), most)):
            items = block.items[start : start + most]
            values: dict[str, Value] = {
                "id": f"b{number}" + (f"-{part + 1}" if part else ""),
                "asked": "" if block.asked == "both" else block.asked,
                "scale": scale,
            }
            yield from table("[[blocks]]", values | self._heading(block.title, number))
            for item in items:
                yield from _item(item, block, answers)
            if block.free_text and start + most >= len(block.items):
                yield from table(
                    "[[blocks.items]]",
                    {"id": f"b{number}-text", "text": block.free_text, "answer": "text"},
                )

    def _heading(self, title: str, number: int) -> dict[str, Value]:
        """The title; one that is too long stands as introduction, under the block's number."""
        if shortened(title, MAX_TITLE) == title:
            return {"title": title}
        return {"title": f"{self._said['part']} {number}", "intro": shortened(title, MAX_INTRO)}

    # Interviews

    def interview(self, guide: GuideShape, role: RoleShape) -> Iterator[str]:
        asked, ends = asked_in_words(role), _questions_at_the_end(role)
        length = role.minutes or guide.minutes
        minutes = length[1] if length else MINUTES_IN_WORDS * (len(asked) + len(ends))
        title = guide.title if len(guide.roles) == 1 else role.title.strip(" :")
        yield from self._head(form_id(guide, role), title, 0, minutes, self._said["few"])
        columns = _columns(asked)
        opening = " ".join(role.opening)
        first = 1
        for theme, each in groupby(zip(columns, asked, strict=True), key=lambda one: one[1].theme):
            under = list(each)
            for start in range(0, len(under), MAX_WORDS):
                part = under[start : start + MAX_WORDS]
                yield from self._of_theme(theme, first, opening if first == 1 else "", part)
                first += len(part)
        if ends:
            yield from table("[[blocks]]", {"id": "end", "title": self._said["end"]})
            for place, text in enumerate(ends, 1):
                yield from _in_words(f"end{place}", text, "")

    def _of_theme(
        self, theme: str, first: int, opening: str, asked: Sequence[tuple[str, Question]]
    ) -> Iterator[str]:
        """What stands on one card. The guide's opening stands above the first."""
        last = first + len(asked) - 1
        usual = f"{self._said['questions']} {first}–{last}"
        title = theme or (usual if last > first else f"{self._said['question']} {first}")
        is_short = shortened(title, MAX_TITLE) == title
        intro = " ".join(one for one in (opening, "" if is_short else title) if one)
        values: dict[str, Value] = {"id": f"b{first}", "title": title if is_short else usual}
        yield from table("[[blocks]]", {**values, "intro": intro})
        for column, question in asked:
            yield from _in_words(column, *_text_and_help(question))

    # Scored assessments

    def assessment(self, check: Assessment) -> Iterator[str]:
        yield from self._head(check.id, check.title, len(check.items))
        for item in check.items:
            yield from self._scored(item)
        values: dict[str, Value] = {
            "id": "sum",
            "title": self._said["sum"],
            "items": [f"i{item.number}" for item in check.items],
            "shown": True,
        }
        yield from table("[[sums]]", values)
        for band in check.bands:
            yield from table("[[sums.bands]]", {"from": band.least, "text": band.label})

    def _scored(self, item: Scored) -> Iterator[str]:
        """A block of its own: the intention, and the criteria to tick or the levels to choose."""
        intro, rest = divided(item.intention, MAX_INTRO)
        title = shortened(f"{item.number}. {item.title}", MAX_TITLE)
        yield from table("[[blocks]]", {"id": f"b{item.number}", "title": title, "intro": intro})
        counted = bool(item.by_count)
        yield from table(
            "[[blocks.items]]",
            {
                "id": f"i{item.number}",
                "text": self._said["criteria" if counted else "level"],
                "answer": "several" if counted else "one",
                "help": shortened(
                    " ".join(filter(None, [rest, *(() if counted else item.criteria)])), MAX_HELP
                ),
                "scores": [
                    "none" if (score := item.by_count.get(count)) is None else score
                    for count in range(len(item.criteria) + 1)
                ]
                if counted
                else "",
            },
        )
        if counted:
            for number, text in enumerate(item.criteria, 1):
                yield from table("[[blocks.items.choices]]", {"id": f"c{number}", "text": text})
        else:
            for score, text in item.levels.items():
                values: dict[str, Value] = {"id": f"n{score}", "text": text, "value": score}
                yield from table("[[blocks.items.choices]]", values)


def _scale(scale: ScaleShape, name: str) -> Iterator[str]:
    for label, value, identity in zip(scale.labels, scale.values, _ids(scale), strict=True):
        values: dict[str, Value] = {"text": label}
        if value is None:  # else its value is its id
            values = {"id": identity, **values}
        known: dict[str, Value] = {"unknown": True} if value is None else {"value": value}
        yield from table(f"[[scales.{name}]]", values | known)


def _ids(scale: ScaleShape) -> list[str]:
    """What stands in the tables for each answer: its value, where it has one."""
    return [
        f"u{place}" if value is None else str(value) for place, value in enumerate(scale.values, 1)
    ]


def _item(item: ItemShape, block: BlockShape, answers: "_Answers") -> Iterator[str]:
    values: dict[str, Value] = {
        "id": f"i{item.number}",
        "text": item.text,
        "answer": "" if block.way == "one" else block.way,
        "reversed": item.reversed,
    }
    yield from table("[[blocks.items]]", values)
    if item.condition:
        yield _when(item.condition, answers)
    if block.way == "several":
        for place, label in enumerate(block.scale.labels, 1):
            yield from table("[[blocks.items.choices]]", {"id": f"c{place}", "text": label})
    if item.free_text:
        yield from table(
            "[[blocks.items]]",
            {"id": f"i{item.number}-text", "text": item.free_text, "answer": "text"},
        )


def _in_words(column: str, text: str, aid: str) -> Iterator[str]:
    values: dict[str, Value] = {"id": column, "text": text, "answer": "text", "help": aid}
    yield from table("[[blocks.items]]", values)


def _text_and_help(question: Question) -> tuple[str, str]:
    """The question, and what to follow up with where the question does not say it.

    A question that ends without a sign goes on in what follows it up.
    """
    said = " ".join(question.text.split())
    rest = [*question.follow_ups, *(p.text for p in question.parts if p.text not in said)]
    if rest and question.text[-1:] not in set(".?!:)"):
        return f"{question.text}: {' · '.join(rest)}", ""
    return question.text, " · ".join(rest)


def _columns(asked: Sequence[Question]) -> list[str]:
    """An id for each: its key, so that roles can be compared, else its number."""
    columns = list[str]()
    for place, question in enumerate(asked, 1):
        named = (question.id, f"i{question.number}", f"q{place}")
        ids = (re.sub(r"[^A-Za-z0-9_-]", "-", one)[:MAX_COLUMN] for one in named if one)
        fit = (one for one in ids if one[0].isalnum() and one not in columns)
        columns.append(next(fit, f"x{place}"))
    return columns


def _questions_at_the_end(role: RoleShape) -> list[str]:
    return [one for one in role.closing if one.endswith("?")]


def said_at_the_end(role: RoleShape) -> list[str]:
    """What a guide says in closing, and nobody can answer."""
    return [one for one in role.closing if not one.endswith("?")]


def _by_label(block: BlockShape) -> dict[str, str]:
    """What each answer of a block is called in our file."""
    labels = block.scale.labels
    counted = [f"c{place}" for place in range(1, len(labels) + 1)]
    return dict(zip(labels, counted if block.way == "several" else _ids(block.scale), strict=True))


_Answers: TypeAlias = Mapping[int, Mapping[str, str]]
"""By the number of an item: by label, what an answer is called in our file."""


def _when(condition: ConditionShape, answers: _Answers) -> str:
    by_label = answers.get(condition.item, {})
    ids = ", ".join(quoted(by_label.get(one, one)) for one in condition.answers)
    return f'when = {{ item = "i{condition.item}", answers = [{ids}] }}'
