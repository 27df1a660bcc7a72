"""What `check` notes of an information text: what it must say, and was not found in it."""

from collections.abc import Iterator

from dialogs.studies.consent import SAID, missing
from dialogs.studies.study import Information


def notes(information: Information) -> Iterator[str]:
    """A line for each language in which something was not found."""
    for language, text in information.text.items():
        if lacking := missing(text):
            said = "; ".join(SAID[each] for each in lacking)
            yield f"Nothing was found in the information ({language}) about: {said}."
