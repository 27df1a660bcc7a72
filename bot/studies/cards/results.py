"""Cards with a study's results: for everyone who was invited, and for one's own sort."""

from collections.abc import Mapping, Sequence
from math import sqrt

from babel.numbers import format_decimal

from bot.gateway.events import Json
from bot.studies.cards.qsort import signed, speaking
from bot.studies.cards.study import title
from bot.studies.viewpoints import ends_of
from bot.ui.elements import (
    card,
    code_input,
    execute,
    heading,
    notice,
    open_url,
    paragraph,
    plain,
    required,
    small,
)
from bot.ui.fitting import CARD_ROOM, fitting, size
from bot.ui.texts import Texts
from dialogs.studies.questionnaire import Questionnaire
from dialogs.studies.study import Study
from research.publication import FormResults, Results


def results(say: Texts, study: Study, found: Results, pictures: str, page: str = "") -> Json:
    """What was found: a picture of each factor array, and what all agree on.

    `pictures` is the address that the name of each picture is put behind, and
    `page` that of the page with the same in words (`bot/web`).
    """
    body: list[Json] = [
        small(say("results.heading")),
        heading(plain(title(say, study))),
        paragraph(say("results.what", n=len(found.arrays))),
    ]
    for name, array in found.arrays.items():
        body += [
            paragraph(plain(factor(say, name, found)), weight="Bolder", separator=True),
            *_ends(say, study, found, name),
            {
                "type": "Image",
                "url": f"{pictures}/{name}.png",
                "altText": _in_words(say, study, factor(say, name, found), array),
                "size": "Stretch",
            },
        ]
    if found.consensus:
        body.append(paragraph(say("results.consensus"), weight="Bolder", separator=True))
        body.append(paragraph("\n\n".join(_statement(say, study, s) for s in found.consensus)))
    link = open_url(say("web.results.open"), page)
    return card([*body, small(say("results.own"), separator=True)], [link] if page else [])


def form_results(say: Texts, study: Questionnaire, found: FormResults) -> Json:
    """How a questionnaire was answered: how many chose what, and means; what is hidden says so."""
    told = study.language(say.language)
    body: list[Json] = [
        small(say("results.heading")),
        heading(plain(title(say, study))),
        paragraph(say("questionnaire.results.what", n=found.answers)),
    ]
    last = small(say("questionnaire.results.hidden"), separator=True)
    lines: list[Json] = []
    for one in found.items:
        item = study.item(one.item)
        lines.append(paragraph(plain(item.text[told]), weight="Bolder", separator=True))
        counts = (
            f"{plain(o.text[told])}: {_count(say, one.counts.get(o.id))}" for o in item.options
        )
        mean = (
            [say("questionnaire.results.mean", mean=_decimal(say, one.mean))]
            if one.mean is not None
            else []
        )
        lines.append(paragraph(" · ".join([*counts, *mean]), spacing="None"))
    shown = fitting(lines, CARD_ROOM - size(*body, last))
    shown = shown[: len(shown) // 2 * 2]  # no question without its answers
    if rest := (len(lines) - len(shown)) // 2:
        shown.append(small(say("questionnaire.results.rest", n=rest)))
    return card([*body, *shown, last])


def _count(say: Texts, count: int | None) -> str:
    return say("questionnaire.results.few") if count is None else str(count)


def _decimal(say: Texts, value: float) -> str:
    return str(format_decimal(value, "0.0", locale=say.language))


def factor(say: Texts, name: str, found: Results | None = None) -> str:
    """`f1` is viewpoint 1 to those who took part, or what the researcher called it."""
    number = say("results.factor", name=name.removeprefix("f"))
    called = found.names.get(name) if found else None
    return f"{number}: {called}" if called else number


def verdict(
    say: Texts, study: Study, found: Results, correlations: Sequence[tuple[str, float]]
) -> tuple[str, str]:
    """The nearest factor, or the most opposite one, and what to say of it."""
    nearest, closeness = max(correlations, key=lambda each: abs(each[1]))
    clear = 1.96 / sqrt(len(study.statements))  # Brown 1980, p. 222: less could be chance
    if abs(closeness) < clear:
        return nearest, say("result.none_clear")
    key = "result.nearest" if closeness > 0 else "result.opposite"
    return nearest, say(key, factor=factor(say, nearest, found))


def _ends(say: Texts, study: Study, found: Results, name: str) -> list[Json]:
    """What a viewpoint means: the researcher's words, and the statements that make it out."""
    ends, say = ends_of(found, name), speaking(study, say)
    parts = (
        ("web.results.most", [_statement(say, study, s) for s in ends.most]),
        ("web.results.least", [_statement(say, study, s) for s in ends.least]),
        (
            "web.results.apart",
            [f"{_statement(say, study, s)} ({signed(c)})" for s, c in ends.apart],
        ),
    )
    return [
        *([paragraph(plain(found.texts[name]))] if name in found.texts else []),
        *(
            paragraph(f"{say(key)}:\n\n" + "\n\n".join(statements), spacing="Small")
            for key, statements in parts
            if statements
        ),
    ]


def closeness_in_words(say: Texts, value: float) -> str:
    """A correlation as people write it: 0,61."""
    return str(format_decimal(value, "0.00", locale=say.language)).replace("-", "−")


def _in_words(say: Texts, study: Study, called: str, array: Mapping[str, int]) -> str:
    """For those who do not see the picture: what lies at both ends."""
    say = speaking(study, say)
    least, *_, greatest = study.grid.values
    ends = {
        end: " ".join(_text(say, study, s) for s, value in array.items() if value == end)
        for end in (greatest, least)
    }
    return say("results.in_words", factor=called, most=ends[greatest], least=ends[least])


def _text(say: Texts, study: Study, statement: str) -> str:
    return study.statement(statement).text[study.language(say.language)]


def _statement(say: Texts, study: Study, statement: str) -> str:
    number = study.statements.index(study.statement(statement)) + 1
    return f"**{number}.** {plain(_text(say, study, statement))}"


def lookup(say: Texts, problem: str | None = None) -> Json:
    """Asks for the code of the answer whose place among the results is wanted."""
    return card(
        [
            heading(say("result")),
            *([notice(problem)] if problem else []),
            paragraph(say("result.task")),
            required(say, code_input("code", say("withdraw.label"))),
        ],
        [execute(say("result.confirm"), "study.result", {}, style="positive")],
    )


def own_place(
    say: Texts,
    study: Study,
    found: Results,
    correlations: Sequence[tuple[str, float]],
    *,
    pictures: str,
    page: str,
) -> Json:
    """How one sort lies to each factor array, by the factor's name; beside it on the page."""
    nearest, said = verdict(say, study, found, correlations)
    facts = [
        {"title": plain(factor(say, name, found)), "value": closeness_in_words(say, value)}
        for name, value in correlations
    ]
    return card(
        [
            small(plain(title(say, study))),
            heading(say("result.heading")),
            paragraph(plain(said)),
            {"type": "FactSet", "facts": facts},
            small(say("result.scale")),
            paragraph(plain(factor(say, nearest, found)), weight="Bolder"),
            *_ends(say, study, found, nearest),
            {
                "type": "Image",
                "url": f"{pictures}/{nearest}.png",
                "altText": factor(say, nearest, found),
                "size": "Stretch",
            },
            small(say("result.forgotten"), separator=True),
        ],
        [open_url(say("result.beside"), page)],
    )
