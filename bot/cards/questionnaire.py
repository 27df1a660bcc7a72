"""The cards of a questionnaire: one for each stage of its dialog, always in the same frame."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

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
    prose,
    small,
)
from bot.gateway.events import Json
from bot.kinds import Desk
from bot.texts import Texts
from dialogs import answering
from dialogs.answering import Answering, Delivering, Draft, Pairing, Reviewing
from dialogs.handing_in import OutOfTurn
from dialogs.questionnaire import Item, Questionnaire, chosen, total
from dialogs.study import Texts as Spoken
from dialogs.text import TooLong, Unstorable

SHOWN = 9_000
"""Characters of all questions and answers together in the review, which holds them all."""
LONGEST = 200
"""Characters of one of them there."""

_Drawn: TypeAlias = tuple[list[Json], list[Json]]


def draw(desk: Desk[Questionnaire], draft: Draft, said: Iterable[Any] = ()) -> Json:
    """The card for where the participant is, with what there is to say about the last press."""
    say, said = desk.say, tuple(said)
    if draft.paused:
        title, drawn = say("questionnaire.paused"), _paused(desk)
    else:
        title, drawn = _stage(desk, draft, {i for n in said for i in _pointed_out(n)})
    body, actions = drawn
    return card(
        [
            small(plain(_text(desk, desk.study.title))),
            heading(title),
            *(notice(one if isinstance(one, str) else _notice(desk, one)) for one in said),
            *body,
            small(say("questionnaire.who_sees"), separator=True),
        ],
        [
            *actions,
            ask_first(
                say("qsort.break"),
                say("questionnaire.break.question"),
                _press(desk, say("qsort.break.confirm"), "break", style="destructive"),
            ),
        ],
    )


def _stage(desk: Desk[Questionnaire], draft: Draft, open_items: set[str]) -> tuple[str, _Drawn]:
    """The heading, and what stands under it."""
    say = desk.say
    match draft.stage:
        case Answering(block):
            return plain(_text(desk, desk.study.blocks[block].title)), _answering(
                desk, draft, block, open_items
            )
        case Pairing(found):
            return say("questionnaire.pairing"), _pairing(desk, found)
        case Reviewing():
            return say("questionnaire.reviewing"), _reviewing(desk, draft)
        case Delivering():
            return say("questionnaire.delivering"), _delivering(desk, draft)


def _pairing(desk: Desk[Questionnaire], found: str) -> _Drawn:
    say = desk.say
    if found:
        return [
            paragraph(say("questionnaire.pairing.found")),
            paragraph(plain(found), size="Large", weight="Bolder"),
            paragraph(say("questionnaire.pairing.yours")),
        ], [
            _press(desk, say("questionnaire.pairing.mine"), "mine", style="positive"),
            _press(desk, say("questionnaire.pairing.not_mine"), "not_mine"),
        ]
    return [
        paragraph(say("questionnaire.pairing.task")),
        paragraph(say("questionnaire.pairing.without.help")),
        code_input("before_code", say("questionnaire.pairing.label")),
    ], [
        _press(desk, say("questionnaire.pairing.code"), "code", inputs=True, style="positive"),
        _press(desk, say("questionnaire.pairing.without"), "unpaired"),
    ]


def _answering(
    desk: Desk[Questionnaire], draft: Draft, number: int, open_items: set[str]
) -> _Drawn:
    say, block = desk.say, desk.study.blocks[number]
    passed, items = answering.done(desk.study, draft)
    there = answering.blocks(desk.study, draft.answers)
    body = [
        small(
            say("questionnaire.part", number=there.index(number) + 1, total=len(there))
            + " "
            + say("questionnaire.progress", n=passed, total=items)
        ),
        *(prose(_text(desk, block.intro)) if block.intro else []),
    ]
    for item in answering.here(desk.study, draft.answers, number):
        body += _question(desk, item, draft.answers.get(item.id, ""), is_open=item.id in open_items)
    body.append(small(say("questionnaire.voluntary"), separator=True))
    leave = [_press(desk, say("questionnaire.leave"), "leave", inputs=True)] if open_items else []
    return body, [
        _press(desk, say("qsort.next"), "next", inputs=True, style="positive"),
        *leave,
        _press(desk, say("qsort.back"), "back", inputs=True),
        _press(desk, say("questionnaire.pause"), "pause", inputs=True),
    ]


def _question(desk: Desk[Questionnaire], item: Item, given: str, *, is_open: bool) -> list[Json]:
    mark = f"▸ {desk.say('questionnaire.unanswered')} " if is_open else ""
    label = f"{mark}{_number(desk, item)}. {_text(desk, item.text)}"
    field: Json = {"id": f"item.{item.id}", "label": label, "separator": True, "value": given}
    if item.way == "text":
        field |= {"type": "Input.Text", "isMultiline": True, "maxLength": answering.TEXT_LIMIT}
    else:
        field |= {
            "type": "Input.ChoiceSet",
            "style": "expanded",
            "wrap": True,
            "isMultiSelect": item.way == "several",
            "choices": [choice(_text(desk, o.text), o.id) for o in item.options],
        }
    if not given:
        del field["value"]
    if not item.help:
        return [field]
    aid = [paragraph(plain(_text(desk, item.help)))]
    return [field, *folded(f"help.{item.id}", desk.say("questionnaire.item.help"), aid)]


def _reviewing(desk: Desk[Questionnaire], draft: Draft) -> _Drawn:
    say, study = desk.say, desk.study
    there = answering.blocks(study, draft.answers)
    width = min(LONGEST, SHOWN // (2 * len(study.items)))
    body = [paragraph(say("questionnaire.reviewing.task"))]
    if study.before:
        body.append(paragraph(_paired(say, draft)))
    for number in there:
        lines = [
            f"{_number(desk, item)}. {plain(_short(_text(desk, item.text), width))} "
            f"**{_answer(desk, item, draft.answers.get(item.id, ''), width)}**"
            for item in answering.here(study, draft.answers, number)
        ]
        body += [
            paragraph(
                plain(_text(desk, study.blocks[number].title)), weight="Bolder", color="Accent",
                spacing="Medium",
            ),
            paragraph("\n\n".join(lines), spacing="None"),
        ]  # fmt: skip
    body += _sums(desk, draft)
    body.append(
        {
            "type": "Input.ChoiceSet",
            "id": "block",
            "label": say("questionnaire.revise.label"),
            "style": "compact",
            "placeholder": say("questionnaire.revise.placeholder"),
            "separator": True,
            "choices": [
                choice(_text(desk, study.blocks[n].title), study.blocks[n].id) for n in there
            ],
        }
    )
    return body, [
        _press(desk, say("questionnaire.approve"), "approve", style="positive"),
        _press(desk, say("questionnaire.revise"), "revise", inputs=True),
        _press(desk, say("qsort.back"), "back"),
        _press(desk, say("questionnaire.pause"), "pause"),
    ]


def _sums(desk: Desk[Questionnaire], draft: Draft) -> list[Json]:
    """The sums that whoever answers may see."""
    facts = []
    for one in desk.study.sums:
        if not one.shown:
            continue
        reached = total(desk.study, one, draft.answers)
        value = desk.say("questionnaire.sum.none") if reached is None else str(reached)
        band = None if reached is None else one.band(reached)
        if band:
            value += f": {_text(desk, band.text)}"
        facts.append({"title": plain(_text(desk, one.title)), "value": plain(value)})
    return [{"type": "FactSet", "facts": facts, "separator": True}] if facts else []


def _answer(desk: Desk[Questionnaire], item: Item, given: str, width: int) -> str:
    if not given:
        return desk.say("questionnaire.no_answer")
    if item.way == "text":
        return plain(_short(given, width))
    texts = [_text(desk, item.option(one).text) for one in chosen(given)]
    return plain(_short("; ".join(texts), width))


def _delivering(desk: Desk[Questionnaire], draft: Draft) -> _Drawn:
    say = desk.say
    deliver = _press(desk, say("questionnaire.deliver"), "deliver", inputs=True, style="positive")
    return [
        paragraph(say("questionnaire.delivering.task")),
        *([paragraph(_paired(say, draft))] if desk.study.before else []),
        identity(say, draft.pseudonym, draft.code),
        *([paragraph(say("questionnaire.keep_for_after"))] if desk.study.wave == "before" else []),
        paragraph(say("qsort.delivering.code")),
        code_input("earlier_code", say("questionnaire.delivering.earlier")),
    ], [
        {**deliver, "data": {**deliver["data"], "code": draft.code}},
        _press(desk, say("qsort.redraw"), "redraw"),
        _press(desk, say("qsort.back"), "back"),
        _press(desk, say("questionnaire.pause"), "pause"),
    ]


def _paused(desk: Desk[Questionnaire]) -> _Drawn:
    say = desk.say
    return [paragraph(say("questionnaire.paused.help"))], [
        _press(desk, say("questionnaire.resume"), "resume", style="positive")
    ]


def _paired(say: Texts, draft: Draft) -> str:
    if not draft.before:
        return say("questionnaire.unpaired")
    return say("questionnaire.paired", pseudonym=plain(draft.before))


# --- What there is to say -----------------------------------------------------------------------


def _pointed_out(said: answering.Notice | str) -> Sequence[str]:
    """The items that a notice wants an answer to."""
    return said.items if isinstance(said, answering.Open) else ()


def _notice(desk: Desk[Questionnaire], said: answering.Notice) -> str:
    say = desk.say
    match said:
        case answering.Open(items):
            return say("questionnaire.notice.open", n=len(items), which=_which(desk, items))
        case answering.MoreAsked(items):
            return say("questionnaire.notice.more_asked", n=len(items), which=_which(desk, items))
        case answering.NotYours():
            return say("questionnaire.notice.not_yours")
        case TooLong(_, length, limit):
            return say("text.too_long", length=length, limit=limit)
        case Unstorable():
            return say("text.unstorable")
        case OutOfTurn():
            return say("qsort.notice.out_of_turn")


def _which(desk: Desk[Questionnaire], items: Sequence[str]) -> str:
    return ", ".join(str(_number(desk, desk.study.item(item))) for item in items)


# --- Parts --------------------------------------------------------------------------------------


def _press(
    desk: Desk[Questionnaire],
    title: str,
    verb: str,
    *,
    inputs: bool = False,
    style: str | None = None,
) -> Json:
    data = {"token": desk.token, "nonce": desk.nonce}
    return execute(title, f"questionnaire.{verb}", data, inputs=inputs, style=style)


def _text(desk: Desk[Questionnaire], texts: Spoken) -> str:
    return texts[desk.study.language(desk.say.language)]


def _number(desk: Desk[Questionnaire], item: Item) -> int:
    return [one.id for one in desk.study.items].index(item.id) + 1


def _short(text: str, width: int) -> str:
    return text if len(text) <= width else text[:width].rsplit(" ", 1)[0] + " …"
