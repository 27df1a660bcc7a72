"""The cards of a questionnaire: one for each stage of its dialog, always in the same frame."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from bot.gateway.events import Json
from bot.studies.cards.submission import carried, delivering, in_words
from bot.studies.instrument import InstrumentView, Part
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
    prose,
    required,
    small,
    told_of_text,
)
from bot.ui.texts import Texts
from dialogs.studies import answering
from dialogs.studies.answering import ABOUT, Answering, Delivering, Draft, Pairing, Reviewing
from dialogs.studies.items import NONE, Item, chosen
from dialogs.studies.questionnaire import Questionnaire, Sum, asked, total
from dialogs.studies.study import TextByLanguage as Spoken
from dialogs.studies.submission import OutOfTurn
from dialogs.writing.door import RecognisedKinds, may_stay
from dialogs.writing.text import TooLong, Unstorable

SHOWN = 9_000
"""Characters of all questions and answers together in the review, which holds them all."""
LONGEST = 200
"""Characters of one of them there."""
NAMED = 60
"""Characters of a question where one chooses which to change."""

_Drawn: TypeAlias = tuple[list[Json], list[Json]]


def draw(view: InstrumentView[Questionnaire], draft: Draft, said: Iterable[Any] = ()) -> Json:
    """The card for where the participant is, with what there is to say about the last press."""
    say, said = view.say, tuple(said)
    if draft.paused:
        title, drawn = say("questionnaire.paused"), _paused(view)
    else:
        pointed_at = {i for n in said for i in pointed_out(n)}
        title, drawn = _stage(view, draft, pointed_at, anyway=any(map(may_stay, said)))
    body, actions = drawn
    return card(
        [
            small(plain(_text(view, view.study.title))),
            heading(title),
            *(notice(one if isinstance(one, str) else notice_text(view, one)) for one in said),
            *body,
            small(say("questionnaire.who_sees"), separator=True),
        ],
        [
            *actions,
            ask_first(
                say("qsort.break"),
                say("questionnaire.break.question"),
                _press(view, say("qsort.break.confirm"), "break", style="destructive"),
            ),
        ],
    )


def _stage(
    view: InstrumentView[Questionnaire], draft: Draft, open_items: set[str], *, anyway: bool
) -> tuple[str, _Drawn]:
    """The heading, and what stands under it."""
    say = view.say
    match draft.stage:
        case Answering(page) as stage:
            title = plain(_text(view, answering.pages(view.study)[page].block.title))
            return title, _answering(view, draft, stage, open_items, anyway=anyway)
        case Pairing(found):
            return say("questionnaire.pairing"), _pairing(view, found)
        case Reviewing():
            return say("questionnaire.reviewing"), _reviewing(view, draft)
        case Delivering():
            return say("questionnaire.delivering"), _delivering(view, draft)


def _pairing(view: InstrumentView[Questionnaire], found: str) -> _Drawn:
    say = view.say
    if found:
        return [
            paragraph(say("questionnaire.pairing.found")),
            paragraph(plain(found), size="Large", weight="Bolder"),
            paragraph(say("questionnaire.pairing.yours")),
        ], [
            _press(view, say("questionnaire.pairing.mine"), "mine", style="positive"),
            _press(view, say("questionnaire.pairing.not_mine"), "not_mine"),
        ]
    return [
        paragraph(say("questionnaire.pairing.task")),
        paragraph(say("questionnaire.pairing.without.help")),
        required(say, code_input("before_code", say("questionnaire.pairing.label"))),
    ], [
        _press(view, say("questionnaire.pairing.code"), "code", inputs=True, style="positive"),
        _press(view, say("questionnaire.pairing.without"), "unpaired"),
    ]


def _answering(
    view: InstrumentView[Questionnaire],
    draft: Draft,
    stage: Answering,
    open_items: set[str],
    *,
    anyway: bool,
) -> _Drawn:
    """With `anyway`, who has been asked to look at a text again may go on with it as it is."""
    say, block = view.say, answering.pages(view.study)[stage.page].block
    passed, items = answering.done(view.study, draft)
    there = answering.asking(view.study, draft.answers)
    body = [
        small(
            say("questionnaire.part", number=there.index(stage.page) + 1, total=len(there))
            + " "
            + say("questionnaire.progress", n=passed, total=items)
        ),
        *(prose(_text(view, block.intro)) if block.intro else []),
    ]
    for item in answering.on_card(view.study, draft.answers, stage):
        body += _question(view, item, draft.answers.get(item.id, ""), is_open=item.id in open_items)
    body += _follows(view, draft)
    body.append(small(say("questionnaire.voluntary"), separator=True))
    seen = {"anyway": "yes"} if anyway else {}
    more = [_press(view, say("questionnaire.leave"), "leave", inputs=True)] if open_items else []
    if anyway:
        more.append(_press(view, say("qsort.explaining.anyway"), "next", inputs=True, more=seen))
    return body, [
        _press(view, say("qsort.next"), "next", inputs=True, style="positive"),
        *more,
        _press(view, say("qsort.back"), "back", inputs=True, more=seen),
        _press(view, say("questionnaire.pause"), "pause", inputs=True, more=seen),
    ]


def _question(
    view: InstrumentView[Questionnaire], item: Item, given: str, *, is_open: bool
) -> list[Json]:
    mark = f"▸ {view.say('questionnaire.unanswered')} " if is_open else ""
    label = f"{mark}{number_of(view, item)}. {_text(view, item.text)}"
    field: Json = {"id": f"item.{item.id}", "label": label, "separator": True, "value": given}
    if item.way == "text":
        field |= {"type": "Input.Text", "isMultiline": True, "maxLength": view.study.text_limit}
    else:
        more = []
        if item.way == "several":
            more.append(choice(view.say("questionnaire.none_of_these"), NONE))
        elif given:  # what was chosen by one press can be taken back by one
            more.append(choice(view.say("questionnaire.take_back"), ""))
        field |= {
            "type": "Input.ChoiceSet",
            "style": "expanded",
            "wrap": True,
            "isMultiSelect": item.way == "several",
            "choices": [
                *(choice(_text(view, o.text), o.id) for o in item.options),
                *more,
            ],
        }
    if not given:
        del field["value"]
    if not item.help:
        return [field]
    aid = [paragraph(plain(_text(view, item.help)))]
    return [field, *folded(f"help.{item.id}", view.say("questionnaire.item.help"), aid)]


def _reviewing(view: InstrumentView[Questionnaire], draft: Draft) -> _Drawn:
    say, study = view.say, view.study
    there = [*asked(study, draft.answers)]
    width = min(LONGEST, SHOWN // (2 * len(study.items)))
    body = [paragraph(say("questionnaire.reviewing.task")), *in_words(answered(view, draft, width))]
    if study.before:
        body.insert(1, paragraph(_paired(say, draft)))
    body += [*_sums(view, draft), *_follows(view, draft)]
    which: Json = {
        "type": "Input.ChoiceSet",
        "id": "item",
        "label": say("questionnaire.revise.label"),
        "style": "compact",
        "placeholder": say("questionnaire.revise.placeholder"),
        "separator": True,
        "choices": [
            choice(f"{number_of(view, i)}. {_short(_text(view, i.text), NAMED)}", i.id)
            for i in there
        ],
    }
    body.append(required(say, which))
    return body, [
        _press(view, say("questionnaire.approve"), "approve", style="positive"),
        _press(view, say("questionnaire.revise"), "revise", inputs=True),
        _press(view, say("qsort.back"), "back"),
        _press(view, say("questionnaire.pause"), "pause"),
    ]


def handed_in(view: InstrumentView[Questionnaire], draft: Draft) -> list[Part]:
    """An answer as it was handed in, with no text cut short, and what goes with it."""
    paired = Part("", ((_paired(view.say, draft), ""),))
    sums = Part("", tuple(shown_sums(view, draft)))
    about = Part(view.say("questionnaire.about"), tuple(follows(view, draft)))
    return [
        *([paired] if view.study.before else []),
        *answered(view, draft, view.study.text_limit),
        *(part for part in (sums, about) if part.lines),
    ]


def answered(view: InstrumentView[Questionnaire], draft: Draft, width: int) -> list[Part]:
    """Every question that was asked with its answer, each in so many characters."""
    there = [*asked(view.study, draft.answers)]
    parts = (
        Part(
            _text(view, block.title),
            tuple(
                (
                    f"{number_of(view, item)}. {_short(_text(view, item.text), width)}",
                    _short(words(view, item, draft.answers.get(item.id, "")), width),
                )
                for item in block.items
                if item in there
            ),
        )
        for block in view.study.blocks
    )
    return [part for part in parts if part.lines]


def _follows(view: InstrumentView[Questionnaire], draft: Draft) -> list[Json]:
    """What goes with a text from a session, as researchers get it."""
    facts = [{"title": title, "value": plain(value)} for title, value in follows(view, draft)]
    told = paragraph(view.say("questionnaire.about"), separator=True)
    return [told, {"type": "FactSet", "facts": facts}] if facts else []


def follows(view: InstrumentView[Questionnaire], draft: Draft) -> list[tuple[str, str]]:
    """What each thing that goes with a text from a session is called, and what it says."""
    return [
        (view.say(f"questionnaire.about.{key}"), draft.about[key])
        for key in ABOUT
        if key in draft.about
    ]


def _sums(view: InstrumentView[Questionnaire], draft: Draft) -> list[Json]:
    facts = [{"title": plain(t), "value": plain(v)} for t, v in shown_sums(view, draft)]
    return [{"type": "FactSet", "facts": facts, "separator": True}] if facts else []


def shown_sums(view: InstrumentView[Questionnaire], draft: Draft) -> list[tuple[str, str]]:
    """The sums that whoever answers may see: what each is called, and what it came to."""
    return [
        (_text(view, one.title), _reached(view, one, draft)) for one in view.study.sums if one.shown
    ]


def _reached(view: InstrumentView[Questionnaire], one: Sum, draft: Draft) -> str:
    reached = total(view.study, one, answering.answer(view.study, draft).answers)
    if reached is None:
        return view.say("questionnaire.sum.none")
    band = one.band(reached)
    return f"{reached}: {_text(view, band.text)}" if band else str(reached)


def words(view: InstrumentView[Questionnaire], item: Item, given: str) -> str:
    """An answer in words."""
    if not given:
        return view.say("questionnaire.no_answer")
    if item.way == "text":
        return given
    if given == NONE:
        return view.say("questionnaire.none_of_these")
    return "; ".join(_text(view, item.option(one).text) for one in chosen(given))


def _delivering(view: InstrumentView[Questionnaire], draft: Draft) -> _Drawn:
    say = view.say
    deliver = _press(view, say("questionnaire.deliver"), "deliver", inputs=True, style="positive")
    return [
        paragraph(say("questionnaire.delivering.task")),
        *([paragraph(_paired(say, draft))] if view.study.before else []),
        *([paragraph(say("questionnaire.keep_for_after"))] if view.study.wave == "before" else []),
        *delivering(say, draft, say("questionnaire.delivering.earlier")),
    ], [
        {**deliver, "data": {**deliver["data"], **carried(draft)}},
        *([] if draft.corrects else [_press(view, say("qsort.redraw"), "redraw")]),
        _press(view, say("qsort.back"), "back"),
        _press(view, say("questionnaire.pause"), "pause"),
    ]


def _paused(view: InstrumentView[Questionnaire]) -> _Drawn:
    say = view.say
    return [paragraph(say("questionnaire.paused.help"))], [
        _press(view, say("questionnaire.resume"), "resume", style="positive")
    ]


def _paired(say: Texts, draft: Draft) -> str:
    if not draft.before:
        return say("questionnaire.unpaired")
    return say("questionnaire.paired", pseudonym=plain(draft.before))


# --- What there is to say -----------------------------------------------------------------------


def pointed_out(said: answering.Notice | str) -> Sequence[str]:
    """The items that a notice wants an answer to."""
    return said.items if isinstance(said, answering.Open) else ()


def notice_text(view: InstrumentView[Questionnaire], said: answering.Notice) -> str:
    say = view.say
    match said:
        case answering.Open(items):
            return say("questionnaire.notice.open", n=len(items), which=_which(view, items))
        case answering.MoreAsked(items):
            return say("questionnaire.notice.more_asked", n=len(items), which=_which(view, items))
        case answering.NotYours():
            return say("questionnaire.notice.not_yours")
        case RecognisedKinds(item) | TooLong(item) | Unstorable(item):
            field = say("questionnaire.notice.field", number=_which(view, [item]))
            return told_of_text(say, field, said)
        case OutOfTurn():
            return say("qsort.notice.out_of_turn")


def _which(view: InstrumentView[Questionnaire], items: Sequence[str]) -> str:
    return ", ".join(str(number_of(view, view.study.item(item))) for item in items)


# --- Parts --------------------------------------------------------------------------------------


def _press(
    view: InstrumentView[Questionnaire],
    title: str,
    verb: str,
    *,
    inputs: bool = False,
    style: str | None = None,
    more: Mapping[str, str] = {},
) -> Json:
    data = {"token": view.token, "nonce": view.nonce, **more}
    return execute(title, f"questionnaire.{verb}", data, inputs=inputs, style=style)


def _text(view: InstrumentView[Questionnaire], texts: Spoken) -> str:
    return texts[view.study.language(view.say.language)]


def number_of(view: InstrumentView[Questionnaire], item: Item) -> int:
    return [one.id for one in view.study.items].index(item.id) + 1


def _short(text: str, width: int) -> str:
    return text if len(text) <= width else text[:width].rsplit(" ", 1)[0] + " …"
