"""Cards with a study's results: for everyone who was invited, and for one's own sort."""

from collections.abc import Mapping, Sequence

from babel.numbers import format_decimal

from bot.cards.parts import card, code_input, execute, heading, notice, paragraph, plain, small
from bot.cards.study import title
from bot.gateway.events import Json
from bot.texts import Texts
from dialogs.study import Study
from research.publication import Results


def results(say: Texts, study: Study, found: Results, pictures: str) -> Json:
    """What was found: a picture of each factor array, and what all agree on.

    `pictures` is the address that the name of each picture is put behind.
    """
    body: list[Json] = [
        small(say("results.heading")),
        heading(plain(title(say, study))),
        paragraph(say("results.what", n=len(found.arrays))),
    ]
    for name, array in found.arrays.items():
        body += [
            paragraph(factor(say, name), weight="Bolder", separator=True),
            {
                "type": "Image",
                "url": f"{pictures}/{name}.png",
                "altText": _in_words(say, study, name, array),
                "size": "Stretch",
            },
        ]
    if found.consensus:
        body.append(paragraph(say("results.consensus"), weight="Bolder", separator=True))
        body.append(paragraph("\n\n".join(_statement(say, study, s) for s in found.consensus)))
    return card([*body, small(say("results.own"), separator=True)])


def factor(say: Texts, name: str) -> str:
    """`f1` is viewpoint 1 to those who took part."""
    return say("results.factor", name=name.removeprefix("f"))


def _in_words(say: Texts, study: Study, name: str, array: Mapping[str, int]) -> str:
    """For those who do not see the picture: what lies at both ends."""
    least, *_, greatest = study.grid.values
    ends = {
        end: " ".join(_text(say, study, s) for s, value in array.items() if value == end)
        for end in (greatest, least)
    }
    return say("results.in_words", factor=factor(say, name), most=ends[greatest], least=ends[least])


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
            code_input("code", say("withdraw.label")),
        ],
        [execute(say("result.confirm"), "study.result", {}, style="positive")],
    )


def own_place(
    say: Texts,
    study: Study,
    correlations: Sequence[tuple[str, float]],
    clear: float,
    pictures: str,
) -> Json:
    """How one sort lies to each factor array, by the factor's name.

    A correlation of less than `clear` could be chance.
    """
    nearest, closeness = max(correlations, key=lambda each: abs(each[1]))
    if abs(closeness) < clear:
        verdict = say("result.none_clear")
    elif closeness > 0:
        verdict = say("result.nearest", factor=factor(say, nearest))
    else:
        verdict = say("result.opposite", factor=factor(say, nearest))
    facts = [
        {
            "title": factor(say, name),
            "value": format_decimal(value, "0.00", locale=say.language).replace("-", "−"),
        }
        for name, value in correlations
    ]
    return card(
        [
            small(plain(title(say, study))),
            heading(say("result.heading")),
            paragraph(verdict),
            {"type": "FactSet", "facts": facts},
            small(say("result.scale")),
            {
                "type": "Image",
                "url": f"{pictures}/{nearest}.png",
                "altText": factor(say, nearest),
                "size": "Stretch",
            },
            small(say("result.forgotten"), separator=True),
        ]
    )
