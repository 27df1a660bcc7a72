"""The same sort without JavaScript: a form with one choice for each statement."""

from collections.abc import Mapping

from bot.gateway.events import Json
from bot.studies.cards.qsort import speaking
from bot.ui.texts import Texts
from bot.web import pages
from bot.web.views import instrument
from dialogs.studies.study import Study
from storage.crypto.codes import ResumeCode

LAYING = ("reading", "presorting", "sorting", "reviewing", "exchanging")


def event(verb: str, data: Mapping[str, str]) -> Json:
    """The data of a press, from the fields of a form."""
    return {key: value for key, value in data.items() if key not in ("token", "verb")} | (
        {"verb": verb}
    )


def draw(say: Texts, study: Study, typed: str, reply: Json, given: Mapping[str, str]) -> str:
    """The form for where the draft is. What was given in vain stays in its field."""
    say = speaking(study, say)
    draft = reply["draft"]
    code = ResumeCode.parse(typed)
    return pages.draw(
        "form",
        say,
        study=instrument(study, say),
        draft=draft,
        chosen=_chosen(draft, given),
        is_laying=draft["stage"] in LAYING,
        is_full=len(draft["placed"]) == len(study.statements),
        token=typed,
        resume=str(code) if code else "",
        nonce=reply["nonce"],
        said=[each["text"] for each in reply["said"]],
        may_stay=reply["mayStay"],
        given=given,
    )


def _chosen(draft: Json, given: Mapping[str, str]) -> dict[str, str]:
    """The column of each statement: as the form had it, else as it lies."""
    placed = {statement: str(column) for statement, column in draft["placed"]}
    columns = {
        key.removeprefix("column."): value
        for key, value in given.items()
        if key.startswith("column.")
    }
    return placed | columns
