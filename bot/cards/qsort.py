"""The cards of the Q-sort dialog: one for each stage, always in the same frame."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bot.cards.handing_in import identity
from bot.cards.parts import (
    ask_first,
    card,
    choice,
    code_input,
    execute,
    folded,
    heading,
    notice,
    paragraph,
    plain,
    small,
    toggle,
)
from bot.gateway.events import Json
from bot.texts import Texts
from dialogs import qsort
from dialogs.handing_in import OutOfTurn
from dialogs.qsort import (
    Delivering,
    Draft,
    Exchanging,
    Explaining,
    Presorting,
    Prompt,
    Reading,
    Reviewing,
    Sorting,
)
from dialogs.study import Statement, Study
from dialogs.text import TooLong, Unstorable

MANY_STATEMENTS = 45
"""Above this a card must save room to fit in a message: shorter titles, a grid of counts."""
MAX_HELP_SHOWN = 3_000
"""Characters of help on a sorting card; more is shown where the statements are read."""
_STEPS: tuple[type[qsort.Stage], ...] = (
    Reading,
    Presorting,
    Sorting,
    Reviewing,
    Explaining,
    Delivering,
)


@dataclass(frozen=True, slots=True)
class Desk:
    """What drawing a participant's card needs."""

    study: Study
    say: Texts
    token: str
    nonce: str
    """Issued for this step; a press with another one changes nothing."""

    def text(self, statement: Statement) -> str:
        return statement.text[self.study.language(self.say.language)]

    def numbered(self, statement: Statement, width: int = 0) -> str:
        """Number and text, shortened to about `width` characters where one is given."""
        text = self.text(statement)
        if width and len(text) > width:
            text = text[:width].rsplit(" ", 1)[0] + " …"
        return f"{self.number(statement)}. {text}"

    def number(self, statement: Statement) -> int:
        # By id: comparing whole statements took a third of the time of drawing a card.
        return [s.id for s in self.study.statements].index(statement.id) + 1

    @property
    def has_many(self) -> bool:
        return len(self.study.statements) > MANY_STATEMENTS

    def press(self, title: str, verb: str, **options: object) -> Json:
        data = {"token": self.token, "nonce": self.nonce}
        return execute(title, f"qsort.{verb}", data, **options)  # type: ignore[arg-type] # options of execute


def draw(desk: Desk, draft: Draft, notices: Iterable[qsort.Notice | str] = ()) -> Json:
    """The card for where the participant is, with what there is to say about the last press."""
    body, actions = _STAGES[type(draft.stage)](desk, draft, tuple(notices))
    say = desk.say
    stage = Reviewing if isinstance(draft.stage, Exchanging) else type(draft.stage)
    number = _STEPS.index(stage) + 1
    name = draft.stage.kind
    title = desk.study.title[desk.study.language(say.language)]
    if draft.past:
        actions.append(desk.press(say("qsort.undo"), "undo", inputs=False))
    actions.append(toggle(say("qsort.help"), "help"))
    actions.append(
        ask_first(
            say("qsort.break"),
            say("qsort.break.question"),
            desk.press(say("qsort.break.confirm"), "break", inputs=False, style="destructive"),
        )
    )
    return card(
        [
            small(plain(title)),
            heading(say("qsort.step", number=number, total=len(_STEPS), name=say(f"qsort.{name}"))),
            {
                "type": "Container",
                "id": "help",
                "isVisible": False,
                "style": "emphasis",
                "items": [
                    paragraph(say(f"qsort.{name}.help")),
                    paragraph(say("qsort.resume.help")),
                ],
            },
            *(_notice(desk, n) for n in notices),
            *body,
            small(say("qsort.who_sees"), separator=True),
        ],
        actions,
    )


# --- The stages ---------------------------------------------------------------------------------

_Drawn: TypeAlias = tuple[list[Json], list[Json]]
Notices: TypeAlias = Sequence[qsort.Notice | str]


def _reading(desk: Desk, draft: Draft, _: Notices) -> _Drawn:
    assert isinstance(draft.stage, Reading)  # noqa: S101 - by the table below
    page, total = draft.stage.page, qsort.pages(desk.study, qsort.READ_PAGE)
    statements = qsort.page_of(desk.study, page, qsort.READ_PAGE)
    body = [
        paragraph(plain(desk.study.instruction[desk.study.language(desk.say.language)])),
        paragraph(desk.say("qsort.reading.task")),
        small(desk.say("qsort.page", page=page + 1, pages=total)),
    ]
    for statement in statements:
        body.append(paragraph(_line(desk, statement), spacing="Medium"))
        body.extend(_statement_help(desk, statement))
    return body, [
        desk.press(desk.say("qsort.next"), "read", style="positive"),
        *([desk.press(desk.say("qsort.back"), "back", inputs=False)] if page else []),
    ]


def _presorting(desk: Desk, draft: Draft, _: Notices) -> _Drawn:
    assert isinstance(draft.stage, Presorting)  # noqa: S101 - by the table below
    say, page = desk.say, draft.stage.page
    done, total = len(draft.board.piles), len(desk.study.statements)
    body = [
        paragraph(say("qsort.presorting.task")),
        small(
            say("qsort.presorting.progress", n=done, total=total)
            + " "
            + say("qsort.page", page=page + 1, pages=qsort.pages(desk.study, qsort.PRESORT_PAGE))
        ),
    ]
    for statement in qsort.page_of(desk.study, page, qsort.PRESORT_PAGE):
        question: Json = {
            "type": "Input.ChoiceSet",
            "id": f"pile.{statement.id}",
            "label": desk.numbered(statement),
            "style": "expanded",
            "isRequired": True,
            "errorMessage": say("qsort.presorting.required"),
            "separator": True,
            "choices": [
                choice(say("qsort.pile.agree"), "agree"),
                choice(say("qsort.pile.neutral"), "neutral"),
                choice(say("qsort.pile.disagree"), "disagree"),
            ],
        }
        if statement.id in draft.board.piles:
            question["value"] = draft.board.piles[statement.id]
        body.append(question)
        body.extend(_statement_help(desk, statement))
    return body, [
        desk.press(say("qsort.next"), "pile", style="positive"),
        desk.press(say("qsort.back"), "back", inputs=False),
    ]


def _sorting(desk: Desk, draft: Draft, notices: Notices) -> _Drawn:
    say = desk.say
    ask = qsort.prompt(desk.study, draft.board)
    assert ask is not None  # noqa: S101 - the dialog leaves this stage when all is laid
    full = next((n for n in notices if isinstance(n, qsort.ColumnFull)), None)
    body = [
        small(say("qsort.sorting.progress", n=len(draft.board.placed), total=desk.study.grid.size)),
        *grid(desk, draft.board, ask.column),
        paragraph(_sorting_task(say, ask), weight="Bolder"),
    ]
    if ask.overflows:
        body.append(paragraph(say(f"qsort.sorting.overflow.{ask.pile}", column=signed(ask.column))))
    question: Json = {
        "type": "Input.ChoiceSet",
        "id": "chosen",
        "label": say("qsort.sorting.label", n=ask.free, column=signed(ask.column)),
        "style": "expanded",
        "isMultiSelect": ask.free > 1,
        "wrap": True,
        "choices": [choice(desk.numbered(s), s.id) for s in ask.candidates],
    }
    if full:
        question["value"] = ",".join(full.chosen)
    body.append(question)
    body.extend(_candidates_help(desk, ask))
    verb_data = {"pile": ask.pile, "column": ask.column}
    actions = [_with(desk.press(say("qsort.place"), "choose", style="positive"), verb_data)]
    if full:
        actions.append(
            _with(desk.press(say("qsort.spill", column=signed(full.nearest)), "spill"), verb_data)
        )
    return body, [*actions, desk.press(say("qsort.back.piles"), "back", inputs=False)]


def _candidates_help(desk: Desk, ask: Prompt) -> list[Json]:
    helped = [(desk.number(s), _help_of(desk, s)) for s in ask.candidates if _help_of(desk, s)]
    if not helped:
        return []
    if sum(len(text) for _, text in helped) > MAX_HELP_SHOWN:
        return [small(desk.say("qsort.statements.help.elsewhere"))]
    lines = [paragraph(f"**{number}.** {plain(text)}") for number, text in helped]
    return folded("statements.help", desk.say("qsort.statements.help"), lines)


def _sorting_task(say: Texts, ask: Prompt) -> str:
    key = f"qsort.sorting.task.{ask.pile}"
    return say(key, n=ask.free, column=signed(ask.column), left=len(ask.candidates))


def _reviewing(desk: Desk, draft: Draft, _: Notices) -> _Drawn:
    say = desk.say
    body = [paragraph(say("qsort.reviewing.task"))]
    if not desk.has_many:
        body += grid(desk, draft.board)
    for column in reversed(desk.study.grid.values):
        lying = qsort.column_of(desk.study, draft.board, column)
        body += [
            paragraph(signed(column), weight="Bolder", spacing="Medium", color="Accent"),
            paragraph("\n\n".join(_line(desk, s) for s in lying), spacing="None"),
        ]
    titles = [choice(_title(desk, s), s.id) for s in desk.study.statements]
    columns = [
        choice(say("qsort.reviewing.column", column=signed(c)), str(c))
        for c in reversed(desk.study.grid.values)
    ]
    body += [
        paragraph(say("qsort.reviewing.change"), weight="Bolder", separator=True),
        _dropdown(say, "first", say("qsort.reviewing.first"), titles),
        _dropdown(say, "column", say("qsort.reviewing.to_column"), columns),
        _dropdown(say, "second", say("qsort.reviewing.second"), titles),
    ]
    return body, [
        desk.press(say("qsort.approve"), "approve", inputs=False, style="positive"),
        desk.press(say("qsort.change"), "change"),
        desk.press(say("qsort.back.piles"), "back", inputs=False),
    ]


def _exchanging(desk: Desk, draft: Draft, _: Notices) -> _Drawn:
    assert isinstance(draft.stage, Exchanging)  # noqa: S101 - by the table below
    say, stage = desk.say, draft.stage
    mover = desk.study.statement(stage.statement)
    lying = qsort.column_of(desk.study, draft.board, stage.column)
    target = signed(draft.board.placed[stage.statement])
    return [
        *grid(desk, draft.board, stage.column),
        paragraph(say("qsort.exchanging.task", column=signed(stage.column), target=target)),
        paragraph(_line(desk, mover), weight="Bolder"),
        {
            "type": "Input.ChoiceSet",
            "id": "second",
            "label": say("qsort.exchanging.label", target=target),
            "style": "expanded",
            "wrap": True,
            "isRequired": True,
            "errorMessage": say("qsort.exchanging.required"),
            "choices": [choice(desk.numbered(s), s.id) for s in lying],
        },
    ], [
        _with(
            desk.press(say("qsort.exchange"), "exchange", style="positive"),
            {"first": stage.statement},
        ),
        desk.press(say("qsort.back"), "back", inputs=False),
    ]


def _explaining(desk: Desk, draft: Draft, _: Notices) -> _Drawn:
    say, study = desk.say, desk.study
    language = study.language(say.language)
    body = [paragraph(say("qsort.explaining.task"))]
    for s in qsort.extremes(study, draft.board):
        column = signed(draft.board.placed[s.id])
        label = say(
            "qsort.explaining.reason", number=desk.number(s), column=column, text=desk.text(s)
        )
        body.append(_text(f"reason.{s.id}", label, draft.reasons.get(s.id, ""), qsort.REASON_LIMIT))
    for q in study.questions:
        given, label = draft.answers.get(q.id, ""), q.text[language]
        if q.choices:
            options = [choice(c.text[language], c.id) for c in q.choices]
            body.append({**_dropdown(say, f"answer.{q.id}", label, options), "value": given})
        else:
            body.append(_text(f"answer.{q.id}", label, given, qsort.ANSWER_LIMIT))
    body.append(
        _text("comment", say("qsort.explaining.comment"), draft.comment, qsort.COMMENT_LIMIT)
    )
    return body, [
        desk.press(say("qsort.next"), "explain", style="positive"),
        desk.press(say("qsort.back"), "back", inputs=False),
    ]


def _delivering(desk: Desk, draft: Draft, _: Notices) -> _Drawn:
    say = desk.say
    return [
        paragraph(say("qsort.delivering.task")),
        identity(say, draft.pseudonym, draft.code),
        paragraph(say("qsort.delivering.code")),
        code_input("earlier_code", say("qsort.delivering.earlier")),
    ], [
        _with(desk.press(say("qsort.deliver"), "deliver", style="positive"), {"code": draft.code}),
        desk.press(say("qsort.redraw"), "redraw", inputs=False),
        desk.press(say("qsort.back"), "back", inputs=False),
    ]


_STAGES: dict[type[qsort.Stage], Callable[[Desk, Draft, Notices], _Drawn]] = {
    Reading: _reading,
    Presorting: _presorting,
    Sorting: _sorting,
    Reviewing: _reviewing,
    Exchanging: _exchanging,
    Explaining: _explaining,
    Delivering: _delivering,
}


# --- Parts --------------------------------------------------------------------------------------


def signed(value: int) -> str:
    """A column value as people write it: +3, 0, −3 (with a real minus sign)."""
    return f"+{value}" if value > 0 else str(value).replace("-", "−")


def grid(desk: Desk, board: qsort.Board, highlight: int | None = None) -> list[Json]:
    """The grid as it lies: a column of cells for each value, statements by their number."""
    lying: dict[int, list[str]] = {value: [] for value in desk.study.grid.values}
    for number, statement in enumerate(desk.study.statements, start=1):
        if statement.id in board.placed:
            lying[board.placed[statement.id]].append(str(number))
    columns = [
        _column(desk, value, numbers, active=value == highlight) for value, numbers in lying.items()
    ]
    return [{"type": "ColumnSet", "spacing": "Small", "columns": columns}]


def _column(desk: Desk, value: int, lying: list[str], *, active: bool) -> Json:
    """Its value, its statements by number, and a square for each free cell.

    Where there are many statements, only how many of its cells are taken.
    """
    mark: Json = {"color": "Accent", "weight": "Bolder"} if active else {}
    cells = desk.study.grid.cells[value]
    free = cells - len(lying)
    if desk.has_many:
        lying, free = [f"{len(lying)}/{cells}"], 0
    return {
        "type": "Column",
        "width": "stretch",
        "spacing": "None",
        "items": [
            _cell(signed(value), **{"weight": "Bolder", **mark}),
            *(_cell(number, spacing="None") for number in lying),
            *(_cell("□", spacing="None", **(mark or {"isSubtle": True})) for _ in range(free)),
        ],
    }


def _cell(text: str, **properties: object) -> Json:
    return {
        "type": "TextBlock",
        "text": text,
        "size": "Small",
        "horizontalAlignment": "Center",
        **properties,
    }


def _line(desk: Desk, statement: Statement) -> str:
    return f"**{desk.number(statement)}.** {plain(desk.text(statement))}"


def _title(desk: Desk, statement: Statement) -> str:
    return desk.numbered(statement, 10 if desk.has_many else 40)


def _help_of(desk: Desk, statement: Statement) -> str:
    return statement.help.get(desk.study.language(desk.say.language), "")


def _statement_help(desk: Desk, statement: Statement) -> list[Json]:
    text = _help_of(desk, statement)
    if not text:
        return []
    title = desk.say("qsort.statement.help", number=desk.number(statement))
    return folded(f"help.{statement.id}", title, [paragraph(plain(text))])


def _dropdown(say: Texts, ident: str, label: str, choices: list[Json]) -> Json:
    return {
        "type": "Input.ChoiceSet",
        "id": ident,
        "label": label,
        "style": "compact",
        "placeholder": say("qsort.choose_one"),
        "choices": choices,
    }


def _text(ident: str, label: str, value: str, limit: int) -> Json:
    return {
        "type": "Input.Text",
        "id": ident,
        "label": label,
        "value": value,
        "isMultiline": True,
        "maxLength": limit,
    }


def _with(action: Json, data: Json) -> Json:
    return {**action, "data": {**action["data"], **data}}


def _notice(desk: Desk, said: qsort.Notice | str) -> Json:
    """A refusal stands out as a warning; what went well does not."""
    style = "accent" if isinstance(said, qsort.Placed) else "warning"
    return notice(said if isinstance(said, str) else _notice_text(desk, said), style=style)


def _notice_text(desk: Desk, notice: qsort.Notice) -> str:
    say, study = desk.say, desk.study
    match notice:
        case qsort.PilesMissing(statements):
            numbers = ", ".join(str(desk.number(study.statement(s))) for s in statements)
            return say("qsort.notice.piles_missing", n=len(statements), numbers=numbers)
        case qsort.ColumnFull(column, free, chosen, nearest):
            return say(
                "qsort.notice.column_full",
                n=free,
                column=signed(column),
                chosen=len(chosen),
                nearest=signed(nearest),
            )
        case qsort.Placed(pile, column, count):
            name = say(f"qsort.pile.{pile}.name")
            return say("qsort.notice.placed", n=count, pile=name, column=signed(column))
        case qsort.NothingChosen(column):
            return say("qsort.notice.nothing_chosen", column=signed(column))
        case qsort.AlreadyThere(statement, column):
            number = desk.number(study.statement(statement))
            return say("qsort.notice.already_there", number=number, column=signed(column))
        case TooLong(_, length, limit):
            return say("text.too_long", length=length, limit=limit)
        case qsort.SameStatement() | qsort.NothingToUndo() | OutOfTurn() | Unstorable():
            return say(_SIMPLE[type(notice)])


_SIMPLE: dict[type[qsort.Notice], str] = {
    qsort.SameStatement: "qsort.notice.same_statement",
    qsort.NothingToUndo: "qsort.notice.nothing_to_undo",
    OutOfTurn: "qsort.notice.out_of_turn",
    Unstorable: "text.unstorable",
}
