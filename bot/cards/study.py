"""Cards around a study: invitation, consent, lists, closing, withdrawal, help."""

from collections.abc import Iterable, Mapping
from datetime import date

from babel.dates import format_date

from bot.cards.parts import (
    card,
    code_input,
    execute,
    heading,
    notice,
    paragraph,
    plain,
    prose,
    small,
)
from bot.commands import COMMANDS, Command
from bot.gateway.events import Json
from bot.texts import Texts
from dialogs.definitions import Definition
from dialogs.study import LANGUAGES, Study


def day(say: Texts, when: date) -> str:
    """A date as it is written in the language."""
    return format_date(when, say("date.format"), locale=say.language)


def title(say: Texts, study: Definition) -> str:
    return study.title[study.language(say.language)]


def room_of(study: Definition) -> str:
    """What the keys of texts begin with that speak of this kind of study in words of their own."""
    return "" if isinstance(study, Study) else "questionnaire."


def invitation(say: Texts, study: Definition) -> Json:
    """The card in the channel: what, for whom, how long, who sees what, until when."""
    return card(
        [
            small(say("invite.heading")),
            heading(plain(title(say, study))),
            paragraph(plain(study.purpose[study.language(say.language)])),
            _facts(say, study),
        ],
        [_start(say, {"study": study.id})],
    )


def invitation_closed(say: Texts, study: Definition) -> Json:
    return card([heading(plain(title(say, study))), paragraph(say("invite.closed"))])


def _start(say: Texts, data: Json) -> Json:
    return execute(say("study.start"), "study.start", data, style="positive")


def _facts(say: Texts, study: Definition) -> Json:
    until = day(say, study.closes) if study.closes else say("study.facts.until.open")
    many = len(study.statements if isinstance(study, Study) else study.items)
    length = say(f"{room_of(study)}study.facts.length.value", n=many, minutes=study.minutes)
    return {
        "type": "FactSet",
        "facts": [
            {"title": say("study.facts.length"), "value": length},
            {"title": say("study.facts.until"), "value": until},
            {"title": say("study.facts.who"), "value": say("study.facts.who.value")},
            {"title": say("study.facts.voluntary"), "value": say("study.facts.voluntary.value")},
        ],
    }


def consent(say: Texts, study: Definition, token: str, because: str = "") -> Json:
    """The information, and the choice. The token becomes a draft only by accepting.

    `because` is the key of the text that tells why somebody gets it who did not ask here.
    """
    language = study.language(say.language)
    data = {"study": study.id, "token": token}
    return card(
        [
            *([small(say(because))] if because else []),
            heading(plain(title(say, study))),
            *prose(study.information.text[language]),
            _facts(say, study),
            small(say("consent.version", version=plain(study.information.version))),
        ],
        [
            execute(say("consent.accept"), "study.consent", data, style="positive"),
            execute(say("consent.decline"), "study.decline", {"study": study.id}),
        ],
    )


def studies(say: Texts, open_studies: Iterable[tuple[Definition, str]]) -> Json:
    """Open studies, each with its button and the token of the draft it may become.

    The token is issued with the button, so that a press delivered once more
    finds the sort that has begun since.
    """
    body: list[Json] = [heading(say("study.list"))]
    for study, token in open_studies:
        data = {"study": study.id, "token": token}
        body += [
            paragraph(plain(title(say, study)), weight="Bolder", separator=True),
            paragraph(plain(study.purpose[study.language(say.language)])),
            {"type": "ActionSet", "actions": [_start(say, data)]},
        ]
    if len(body) == 1:
        body.append(paragraph(say("study.list.none")))
    return card(body)


def message(text: str) -> Json:
    """A card that only says something: the end of one that had buttons."""
    return card([paragraph(text)])


def closing(say: Texts, study: Definition) -> Json:
    """Asks before a study is closed."""
    data = {"study": study.id}
    return card(
        [paragraph(say(f"{room_of(study)}close.question", title=plain(title(say, study))))],
        [
            execute(say("close.confirm"), "study.close", data, style="destructive"),
            execute(say("close.cancel"), "study.keep", data),
        ],
    )


def status(say: Texts, rows: Iterable[tuple[Definition, str, int, int | None]]) -> Json:
    """Title, state, invited and (only after closing) answers of each study."""
    body: list[Json] = [heading(say("status"))]
    for study, state, invited, submitted in rows:
        numbers = say("status.invited", n=invited)
        if submitted is not None:
            numbers += ", " + say("status.submitted", n=submitted)
        body += [
            paragraph(plain(title(say, study)), weight="Bolder", separator=True),
            paragraph(f"{plain(study.id)}: {say(f'status.state.{state}')}. {numbers}."),
        ]
    if len(body) == 1:
        return card([*body, paragraph(say("status.none"))])
    return card([*body, small(say("status.no_count"), separator=True)])


def withdrawal(say: Texts, problem: str | None = None) -> Json:
    """Asks for the code of an answer to withdraw."""
    return card(
        [
            heading(say("withdraw")),
            *([notice(problem)] if problem else []),
            paragraph(say("withdraw.task")),
            code_input("code", say("withdraw.label")),
        ],
        [execute(say("withdraw.confirm"), "study.withdraw", {}, style="destructive")],
    )


def languages(say: Texts) -> Json:
    return card(
        [paragraph(say("language.ask"))],
        [execute(say(f"language.{code}"), "language", {"language": code}) for code in LANGUAGES],
    )


def welcome(say: Texts) -> Json:
    """Once, when somebody has installed the bot: what it is for and how to start."""
    return card(
        [
            heading(say("welcome.personal")),
            paragraph(say("welcome.what")),
            paragraph(say("welcome.start")),
        ],
        [
            execute(say(f"language.{code}"), "language", {"language": code})
            for code in LANGUAGES
            if code != say.language
        ],
    )


def help_card(say: Texts, *, is_personal: bool, facilitator: bool, unknown: bool) -> Json:
    """Everything that can be written, first what belongs here.

    What only facilitators can do is shown to them alone.
    """
    here, elsewhere = ("alone", "together") if is_personal else ("together", "alone")
    everyones = [c for c in COMMANDS if not c.for_facilitators]
    body = [
        paragraph(say("help.unknown")) if unknown else heading(say("help")),
        _commands(say, (c for c in everyones if c.place in ("anywhere", here))),
        _section(say(f"help.{elsewhere}")),
        _commands(say, (c for c in everyones if c.place == elsewhere)),
    ]
    if facilitator:
        body += [
            _section(say("help.facilitators")),
            _commands(say, (c for c in COMMANDS if c.for_facilitators)),
        ]
    return card([*body, small(say("help.privacy"), separator=True)])


def _section(title: str) -> Json:
    return paragraph(title, weight="Bolder", separator=True)


def _commands(say: Texts, commands: Iterable[Command]) -> Json:
    def fact(name: str) -> Mapping[str, str]:
        return {"title": say(f"command.{name}.title"), "value": say(f"command.{name}.description")}

    return {"type": "FactSet", "facts": [fact(c.name) for c in commands]}
