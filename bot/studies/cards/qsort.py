"""The cards of the Q-sort dialog: one for each stage, always in the same frame."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias

from bot.gateway.events import Json
from bot.studies.board_link import BoardLink
from bot.studies.cards.submission import carried, delivering
from bot.studies.instrument import Part
from bot.ui.elements import (
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
    required,
    small,
    told_of_text,
)
from bot.ui.texts import Texts
from dialogs.studies import qsort
from dialogs.studies.items import NONE, Item, chosen
from dialogs.studies.qsort import (
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
from dialogs.studies.study import Statement, Study
from dialogs.studies.submission import OutOfTurn
from dialogs.writing.door import RecognisedKinds
from dialogs.writing.door import may_stay as may_be_kept
from dialogs.writing.text import TooLong, Unstorable

MANY_STATEMENTS = 45
"""Above this a card must save room to fit in a message: shorter titles, a grid without squares."""
REVIEW_ROOM = 15_400
"""Characters on a card for all statements, and for the titles in its two lists."""
SHORTEST, LONGEST = 8, 40
"""Characters of a title; where there is no room for the shortest, its number has to do."""
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


@dataclass(frozen=True)
class SortView:
    """What drawing a participant's card needs."""

    study: Study
    say: Texts
    token: str
    nonce: str
    """Issued for this step; a press with another one changes nothing."""
    board: BoardLink | None = None

    def text(self, statement: Statement) -> str:
        return statement.text[self.study.language(self.say.language)]

    def numbered(self, statement: Statement) -> str:
        return f"{self.number(statement)}. {self.text(statement)}"

    def number(self, statement: Statement) -> int:
        return self._numbers[statement.id]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {s.id: number for number, s in enumerate(self.study.statements, start=1)}

    @property
    def has_many(self) -> bool:
        return len(self.study.statements) > MANY_STATEMENTS

    def press(self, title: str, verb: str, **options: object) -> Json:
        data = {"token": self.token, "nonce": self.nonce}
        return execute(title, f"qsort.{verb}", data, **options)  # type: ignore[arg-type] # `execute` has an argument for each


def own_words(study: Study, say: Texts) -> dict[str, str]:
    """What a study calls the ends of its grid; empty where it is agree and disagree."""
    if study.labels is None:
        return {}
    language = study.language(say.language)
    middle = study.labels.middle.get(language) or say("qsort.pile.neutral")
    return {
        "top": study.labels.most[language],
        "bottom": study.labels.least[language],
        "middle": middle,
    }


def speaking(study: Study, say: Texts) -> Texts:
    """The texts around a study: in its language, and with its own words for the ends."""
    say = say.around(study.language(say.language))
    own = own_words(study, say)
    return say.with_own(own) if own else say


def draw(view: SortView, draft: Draft, notices: Iterable[qsort.Notice | str] = ()) -> Json:
    """The card for where the participant is, with what there is to say about the last press."""
    body, actions = _STAGES[type(draft.stage)](view, draft, tuple(notices))
    say = view.say
    stage = Reviewing if isinstance(draft.stage, Exchanging) else type(draft.stage)
    number = _STEPS.index(stage) + 1
    name = draft.stage.kind
    title = view.study.title[view.study.language(say.language)]
    if draft.changes:
        actions.append(view.press(say("qsort.undo"), "undo", inputs=False))
    actions.append(
        ask_first(
            say("qsort.break"),
            say("qsort.break.question"),
            view.press(say("qsort.break.confirm"), "break", inputs=False, style="destructive"),
        )
    )
    return card(
        [
            small(plain(title)),
            heading(say("qsort.step", number=number, total=len(_STEPS), name=say(f"qsort.{name}"))),
            *folded(
                "help",
                say("qsort.help"),
                [paragraph(say(f"qsort.{name}.help")), paragraph(say("qsort.resume.help"))],
            ),
            *(_notice(view, n) for n in notices),
            *_board(view),
            *body,
            small(say("qsort.who_sees"), separator=True),
        ],
        actions,
    )


def _board(view: SortView) -> list[Json]:
    """The same sort in the browser."""
    if view.board is None:
        return []
    links = view.board.actions(view.say, view.token)
    return [{"type": "ActionSet", "spacing": "Small", "actions": links}]


# --- The stages ---------------------------------------------------------------------------------

_Drawn: TypeAlias = tuple[list[Json], list[Json]]
Notices: TypeAlias = Sequence[qsort.Notice | str]


def _reading(view: SortView, draft: Draft, _: Notices) -> _Drawn:
    assert isinstance(draft.stage, Reading)  # noqa: S101 - `_STAGES` draws this stage alone with it
    page, total = draft.stage.page, qsort.pages(view.study, qsort.READ_PAGE)
    statements = qsort.page_of(view.study, page, qsort.READ_PAGE)
    body = [
        paragraph(plain(view.study.instruction[view.study.language(view.say.language)])),
        paragraph(view.say("qsort.reading.task")),
        small(view.say("qsort.page", page=page + 1, pages=total)),
    ]
    for statement in statements:
        body.append(paragraph(_line(view, statement), spacing="Medium"))
        body.extend(_picture(view, statement))
        body.extend(_statement_help(view, statement))
    return body, [
        view.press(view.say("qsort.next"), "read", style="positive"),
        *([view.press(view.say("qsort.back"), "back", inputs=False)] if page else []),
    ]


def _presorting(view: SortView, draft: Draft, _: Notices) -> _Drawn:
    assert isinstance(draft.stage, Presorting)  # noqa: S101 - `_STAGES` draws this stage alone with it
    say, page = view.say, draft.stage.page
    done, total = len(draft.board.piles), len(view.study.statements)
    body = [
        paragraph(say("qsort.presorting.task")),
        small(
            say("qsort.presorting.progress", n=done, total=total)
            + " "
            + say("qsort.page", page=page + 1, pages=qsort.pages(view.study, qsort.PRESORT_PAGE))
        ),
    ]
    for statement in qsort.page_of(view.study, page, qsort.PRESORT_PAGE):
        question: Json = {
            "type": "Input.ChoiceSet",
            "id": f"pile.{statement.id}",
            "label": view.numbered(statement),
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
        body.extend(_picture(view, statement))
        body.append(question)
        body.extend(_statement_help(view, statement))
    return body, [
        view.press(say("qsort.next"), "pile", style="positive"),
        view.press(say("qsort.back"), "back", inputs=False),
    ]


def _sorting(view: SortView, draft: Draft, notices: Notices) -> _Drawn:
    if not view.study.forced:
        return _rating(view, draft)
    say = view.say
    ask = qsort.prompt(view.study, draft.board)
    assert ask is not None  # noqa: S101 - the dialog leaves this stage when all is laid
    full = next((n for n in notices if isinstance(n, qsort.ColumnFull)), None)
    body = [
        small(say("qsort.sorting.progress", n=len(draft.board.placed), total=view.study.grid.size)),
        paragraph(_sorting_task(say, ask), weight="Bolder"),
        *grid(view, draft.board, ask.column),
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
        "choices": [choice(view.numbered(s), s.id) for s in ask.candidates],
    }
    if full:
        question["value"] = ",".join(full.chosen)
    body.extend(_pictures(view, ask.candidates))
    body.append(required(say, question))
    body.extend(_candidates_help(view, ask))
    verb_data = {"pile": ask.pile, "column": ask.column}
    actions = [_with(view.press(say("qsort.place"), "choose", style="positive"), verb_data)]
    if full:
        actions.append(
            _with(view.press(say("qsort.spill", column=signed(full.nearest)), "spill"), verb_data)
        )
    return body, [*actions, view.press(say("qsort.back.piles"), "back", inputs=False)]


def _picture(view: SortView, statement: Statement) -> list[Json]:
    """The picture of a statement, fetched from the board; its text says what it shows."""
    if not (statement.image and view.board):
        return []
    url = f"{view.board.address}/bilde/{view.study.id}/{statement.id}"
    return [{"type": "Image", "url": url, "altText": view.text(statement), "size": "Large"}]


def _pictures(view: SortView, statements: Iterable[Statement]) -> list[Json]:
    """Each with its number above it."""
    return [
        element
        for statement in statements
        for picture in _picture(view, statement)
        for element in (small(f"**{view.number(statement)}.**"), picture)
    ]


def _rating(view: SortView, draft: Draft) -> _Drawn:
    """Free sorting: a column for each statement by itself."""
    say, study = view.say, view.study
    columns = [
        choice(say("qsort.reviewing.column", column=signed(c)), str(c))
        for c in reversed(study.grid.values)
    ]
    waiting = qsort.unrated(study, draft.board)
    total = len(study.statements)
    return [
        small(say("qsort.sorting.progress", n=len(draft.board.placed), total=total)),
        *grid(view, draft.board),
        paragraph(say("qsort.rating.task"), weight="Bolder"),
        *_pictures(view, waiting),
        *(_dropdown(say, f"column.{s.id}", view.numbered(s), columns) for s in waiting),
    ], [
        view.press(say("qsort.place"), "rate", style="positive"),
        view.press(say("qsort.back.piles"), "back", inputs=False),
    ]


def _candidates_help(view: SortView, ask: Prompt) -> list[Json]:
    helped = [(view.number(s), _help_of(view, s)) for s in ask.candidates if _help_of(view, s)]
    if not helped:
        return []
    if sum(len(text) for _, text in helped) > MAX_HELP_SHOWN:
        return [small(view.say("qsort.statements.help.elsewhere"))]
    lines = [paragraph(f"**{number}.** {plain(text)}") for number, text in helped]
    return folded("statements.help", view.say("qsort.statements.help"), lines)


def _sorting_task(say: Texts, ask: Prompt) -> str:
    key = f"qsort.sorting.task.{ask.pile}"
    return say(key, n=ask.free, column=signed(ask.column), left=len(ask.candidates))


def _reviewing(view: SortView, draft: Draft, _: Notices) -> _Drawn:
    say = view.say
    body = [
        paragraph(f"{say('qsort.reviewing.task')} {say('qsort.reviewing.picture')}"),
        *grid(view, draft.board),
    ]
    for column in reversed(view.study.grid.values):
        lying = qsort.column_of(view.study, draft.board, column)
        body += [
            paragraph(signed(column), weight="Bolder", spacing="Medium", color="Accent"),
            paragraph("\n\n".join(_line(view, s) for s in lying), spacing="None"),
        ]
    titles = _titles(view)
    columns = [
        choice(say("qsort.reviewing.column", column=signed(c)), str(c))
        for c in reversed(view.study.grid.values)
    ]
    body += [
        paragraph(say("qsort.reviewing.change"), weight="Bolder", separator=True),
        required(say, _dropdown(say, "first", say("qsort.reviewing.first"), titles)),
        _dropdown(say, "column", say("qsort.reviewing.to_column"), columns),
        _dropdown(say, "second", say("qsort.reviewing.second"), titles),
    ]
    return body, [
        view.press(say("qsort.approve"), "approve", inputs=False, style="positive"),
        view.press(say("qsort.change"), "change"),
        view.press(say("qsort.back.piles"), "back", inputs=False),
    ]


def handed_in(view: SortView, draft: Draft) -> list[Part]:
    """A sort as it was handed in, column by column, and what was written with it."""
    say, study = view.say, view.study
    language = study.language(say.language)
    columns = (
        (signed(value), qsort.column_of(study, draft.board, value))
        for value in reversed(study.grid.values)
    )
    written = (
        *((view.numbered(study.statement(s)), why) for s, why in draft.reasons.items()),
        *((q.text[language], _said(view, q, draft.answers.get(q.id, ""))) for q in study.questions),
        (say("qsort.explaining.comment"), draft.comment),
    )
    paired = say("questionnaire.paired", pseudonym=draft.before)
    return [
        *([Part("", ((paired, ""),))] if draft.before else []),
        *(
            Part(title, tuple((view.numbered(s), "") for s in lying))
            for title, lying in columns
            if lying
        ),
        *(Part("", (line,)) for line in written if line[1]),
    ]


def _said(view: SortView, question: Item, given: str) -> str:
    """An answer to a question in words."""
    if question.way == "text" or not given:
        return given
    if given == NONE:
        return view.say("questionnaire.none_of_these")
    language = view.study.language(view.say.language)
    return "; ".join(question.option(one).text[language] for one in chosen(given))


def _exchanging(view: SortView, draft: Draft, _: Notices) -> _Drawn:
    assert isinstance(draft.stage, Exchanging)  # noqa: S101 - `_STAGES` draws this stage alone with it
    say, stage = view.say, draft.stage
    mover = view.study.statement(stage.statement)
    lying = qsort.column_of(view.study, draft.board, stage.column)
    target = signed(draft.board.placed[stage.statement])
    return [
        paragraph(say("qsort.exchanging.task", column=signed(stage.column), target=target)),
        *grid(view, draft.board, stage.column),
        paragraph(_line(view, mover), weight="Bolder"),
        {
            "type": "Input.ChoiceSet",
            "id": "second",
            "label": say("qsort.exchanging.label", target=target),
            "style": "expanded",
            "wrap": True,
            "isRequired": True,
            "errorMessage": say("qsort.exchanging.required"),
            "choices": [choice(view.numbered(s), s.id) for s in lying],
        },
    ], [
        _with(
            view.press(say("qsort.exchange"), "exchange", style="positive"),
            {"first": stage.statement},
        ),
        view.press(say("qsort.back"), "back", inputs=False),
    ]


def _explaining(view: SortView, draft: Draft, notices: Notices) -> _Drawn:
    say, study = view.say, view.study
    key = "qsort.explaining.task" if study.reasons else "qsort.explaining.questions"
    body = [paragraph(say(key))]
    for s in qsort.extremes(study, draft.board):
        column = signed(draft.board.placed[s.id])
        label = say(
            "qsort.explaining.reason", number=view.number(s), column=column, text=view.text(s)
        )
        body.append(_text(f"reason.{s.id}", label, draft.reasons.get(s.id, ""), qsort.REASON_LIMIT))
    body += [_question(view, q, draft.answers.get(q.id, "")) for q in study.questions]
    body.append(
        _text("comment", say("qsort.explaining.comment"), draft.comment, qsort.COMMENT_LIMIT)
    )
    return body, [
        view.press(say("qsort.next"), "explain", style="positive"),
        *(
            [_with(view.press(say("qsort.explaining.anyway"), "explain"), {"anyway": "yes"})]
            if may_stay(notices)
            else []
        ),
        view.press(say("qsort.back"), "back", inputs=False),
    ]


def _question(view: SortView, question: Item, given: str) -> Json:
    language = view.study.language(view.say.language)
    ident, label = f"answer.{question.id}", question.text[language]
    if question.way == "text":
        return _text(ident, label, given, qsort.ANSWER_LIMIT)
    options = [choice(o.text[language], o.id) for o in question.options]
    if question.way == "one":
        return {**_dropdown(view.say, ident, label, options), "value": given}
    options.append(choice(view.say("questionnaire.none_of_these"), NONE))
    several = {"style": "expanded", "isMultiSelect": True, "wrap": True, "value": given}
    return {**_dropdown(view.say, ident, label, options), **several}


def _delivering(view: SortView, draft: Draft, _: Notices) -> _Drawn:
    say = view.say
    return [
        paragraph(say("qsort.delivering.task")),
        *delivering(say, draft, say("qsort.delivering.earlier")),
        *_pairing(view, draft),
    ], [
        _with(view.press(say("qsort.deliver"), "deliver", style="positive"), carried(draft)),
        *([] if draft.corrects else [view.press(say("qsort.redraw"), "redraw", inputs=False)]),
        view.press(say("qsort.back"), "back", inputs=False),
    ]


def _pairing(view: SortView, draft: Draft) -> list[Json]:
    """Asks for the code of the sort before; a correction knows it."""
    if draft.before:
        return [paragraph(view.say("questionnaire.paired", pseudonym=plain(draft.before)))]
    field = code_input("before_code", view.say("qsort.delivering.before"))
    return [field] if view.study.before else []


_STAGES: dict[type[qsort.Stage], Callable[[SortView, Draft, Notices], _Drawn]] = {
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


def grid(view: SortView, board: qsort.Board, highlight: int | None = None) -> list[Json]:
    """The grid as it lies: a column of cells for each value, statements by their number."""
    lying: dict[int, list[str]] = {value: [] for value in view.study.grid.values}
    for number, statement in enumerate(view.study.statements, start=1):
        if statement.id in board.placed:
            lying[board.placed[statement.id]].append(str(number))
    columns = [
        _column(view, value, numbers, active=value == highlight) for value, numbers in lying.items()
    ]
    return [{"type": "ColumnSet", "spacing": "Small", "columns": columns}]


def _column(view: SortView, value: int, lying: list[str], *, active: bool) -> Json:
    """Its value, its statements by number, and a square for each free cell.

    Where there are many statements they stand in one line, with how many cells are free.
    """
    mark: Json = {"color": "Accent", "weight": "Bolder"} if active else {}
    free = view.study.grid.cells[value] - len(lying) if view.study.forced else 0
    if view.has_many:
        numbers = " ".join([*lying, *(["□" if free == 1 else f"{free}□"] if free > 0 else [])])
        cells = [_cell(numbers, spacing="None", wrap=True)]
    else:
        cells = [
            *(_cell(number, spacing="None") for number in lying),
            *(_cell("□", spacing="None", **(mark or {"isSubtle": True})) for _ in range(free)),
        ]
    return {
        "type": "Column",
        "width": "stretch",
        "spacing": "None",
        "items": [_cell(signed(value), **{"weight": "Bolder", **mark}), *cells],
    }


def _cell(text: str, **properties: object) -> Json:
    return {
        "type": "TextBlock",
        "text": text,
        "size": "Small",
        "horizontalAlignment": "Center",
        **properties,
    }


def _line(view: SortView, statement: Statement) -> str:
    return f"**{view.number(statement)}.** {plain(view.text(statement))}"


def _titles(view: SortView) -> list[Json]:
    """A choice for each statement: its number, and as much as tells it from the others."""
    texts = [view.text(s) for s in view.study.statements]
    room = (REVIEW_ROOM - sum(map(len, texts))) // (2 * len(texts))
    width = min(room, LONGEST) if view.has_many else LONGEST
    shared = _shared_beginnings(texts)
    titles = [_shortened(t, shared[t], width) if width >= SHORTEST else "" for t in texts]
    return [
        choice(f"{number}. {title}".strip(), statement.id)
        for number, (statement, title) in enumerate(
            zip(view.study.statements, titles, strict=True), start=1
        )
    ]


def _shared_beginnings(texts: Sequence[str]) -> dict[str, int]:
    """How many characters each text begins with as another does, in whole words."""
    ordered = sorted(texts)
    alike = [0, *(_alike(first, second) for first, second in pairwise(ordered)), 0]
    return {text: text[: max(alike[n : n + 2])].rfind(" ") + 1 for n, text in enumerate(ordered)}


def _alike(first: str, second: str) -> int:
    pairs = enumerate(zip(first, second, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(first), len(second)))


def _shortened(text: str, shared: int, width: int) -> str:
    """The beginning of a text; of one that begins as another does, what comes after that."""
    if len(text) <= width:
        return text
    if shared > width // 2:
        text = f"… {text[shared:]}"
    return text if len(text) <= width else text[:width].rsplit(" ", 1)[0] + " …"


def _help_of(view: SortView, statement: Statement) -> str:
    return statement.help.get(view.study.language(view.say.language), "")


def _statement_help(view: SortView, statement: Statement) -> list[Json]:
    text = _help_of(view, statement)
    if not text:
        return []
    title = view.say("qsort.statement.help", number=view.number(statement))
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


def _notice(view: SortView, said: qsort.Notice | str) -> Json:
    """A refusal stands out as a warning; what went well does not."""
    style = "accent" if isinstance(said, qsort.Placed) else "warning"
    return notice(said if isinstance(said, str) else notice_text(view, said), style=style)


def may_stay(notices: Notices) -> bool:
    """Whether nothing but the writer's own judgement keeps the texts from going on."""
    return bool(notices) and all(map(may_be_kept, notices))


def notice_text(  # noqa: C901 - a sentence for each notice reads best whole
    view: SortView, notice: qsort.Notice
) -> str:
    """What there is to say, in words."""
    say, study = view.say, view.study
    match notice:
        case qsort.NoRoom(statement, column):
            number = view.number(study.statement(statement))
            return say("qsort.notice.no_room", number=number, column=signed(column))
        case qsort.Uneven(columns):
            said = (
                say("qsort.notice.uneven.column", column=signed(c), chosen=many, n=_cells(study, c))
                for c, many in columns.items()
            )
            return say("qsort.notice.uneven", columns=" ".join(said))
        case qsort.StillInPiles(count):
            return say("qsort.notice.still_in_piles", n=count)
        case RecognisedKinds(field) | TooLong(field) | Unstorable(field):
            return told_of_text(say, _field_name(view, field), notice)
        case qsort.PilesMissing(statements):
            numbers = ", ".join(str(view.number(study.statement(s))) for s in statements)
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
            number = view.number(study.statement(statement))
            return say("qsort.notice.already_there", number=number, column=signed(column))
        case qsort.Traded(statement, column, other, back):
            return say(
                "qsort.notice.traded",
                number=view.number(study.statement(statement)),
                column=signed(column),
                other=view.number(study.statement(other)),
                back=signed(back),
            )
        case qsort.SameStatement() | qsort.NothingToUndo() | OutOfTurn():
            return say(_SIMPLE[type(notice)])


def _cells(study: Study, column: int) -> int:
    return study.grid.cells.get(column, 0)


def _field_name(view: SortView, field: str) -> str:
    """What a text belongs to, as the label of its field begins."""
    language = view.study.language(view.say.language)
    for question in view.study.questions:
        if question.id == field:
            return f"«{question.text[language]}»"
    for statement in view.study.statements:
        if statement.id == field:
            return view.say("qsort.notice.field.reason", number=view.number(statement))
    return view.say("qsort.notice.field.comment")


_SIMPLE: dict[type[qsort.Notice], str] = {
    qsort.SameStatement: "qsort.notice.same_statement",
    qsort.NothingToUndo: "qsort.notice.nothing_to_undo",
    OutOfTurn: "qsort.notice.out_of_turn",
}
