"""What can be announced and answered: a Q-study, or a questionnaire.

`dump` and `load` are for storing a definition, as canonical JSON; `kind` tells them apart.
"""

import json
from typing import TypeAlias

from pydantic import TypeAdapter

from dialogs.studies import answering, qsort, study_file
from dialogs.studies.questionnaire import Questionnaire
from dialogs.studies.study import Study

Definition: TypeAlias = Study | Questionnaire

_questionnaires = TypeAdapter(Questionnaire)


def dump(definition: Definition) -> str:
    """The definition as canonical JSON: equal ones give the same text."""
    if isinstance(definition, Study):
        return study_file.dump(definition)
    document = _questionnaires.dump_python(definition, mode="json")
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def load(text: str) -> Definition:
    """The definition that `dump` wrote. Raises ValueError where the text is none."""
    document = json.loads(text)
    if isinstance(document, dict) and document.get("kind") == "questionnaire":
        return _questionnaires.validate_json(text)
    return study_file.load(text)


def answer_size(definition: Definition) -> int:
    """Bytes that hold every possible answer: what each one is padded to."""
    if isinstance(definition, Study):
        return qsort.answer_size(definition)
    return answering.answer_size(definition)
