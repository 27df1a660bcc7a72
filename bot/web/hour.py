"""The sorting hour: one screen for all who sort together, and how many are at which step.

Who is where is known to nobody. While the screen is open, and only then, the server notes in memory
at which step each sort is, by a hash that dies with it; shown are whole fives alone, so that nobody
is seen to move. Nothing of it is stored.
"""

import hashlib
import secrets
import time
from collections import Counter
from collections.abc import Callable

from bot.ui.texts import Texts, page_texts
from bot.web import pages
from dialogs.studies.study import Study

STEPS = ("reading", "presorting", "sorting", "reviewing", "explaining", "delivering")
MINUTES = {
    "reading": 4, "presorting": 8, "sorting": 15, "reviewing": 4, "explaining": 6, "delivering": 3,
}  # fmt: skip
"""What each step may take; the screen has a button for more."""
LEAST = 5
"""Fewer at a step are not told, and more are told in fives."""
WATCHED_S = 90.0
"""How long after the screen last asked sorts are noted."""
KEPT_S = 2 * 3600.0


class Steps:
    """At which step sorts are, while somebody has the screen open."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._salt = secrets.token_bytes(16)
        self._watched: dict[str, float] = {}
        self._at: dict[str, dict[bytes, tuple[str, float]]] = {}

    def watch(self, study: str) -> dict[str, int]:
        """The screen asks: how many are at each step, in whole fives."""
        now = self._clock()
        self._watched[study] = now
        there = self._at.setdefault(study, {})
        for key in [key for key, (_, at) in there.items() if now - at > KEPT_S]:
            del there[key]
        counted = Counter(step for step, _ in there.values())
        return {step: n - n % LEAST for step, n in counted.items() if n >= LEAST}

    def note(self, study: str, token: str, step: str) -> None:
        """A sort is at a step. Without a screen that is open, nothing is noted."""
        now = self._clock()
        if now - self._watched.get(study, -WATCHED_S) >= WATCHED_S:
            self._at.pop(study, None)
            return
        key = hashlib.blake2b(token.encode(), key=self._salt, digest_size=16).digest()
        self._at.setdefault(study, {})[key] = (step, now)


def draw(say: Texts, study: Study, step: str, counted: dict[str, int]) -> str:
    """The screen at a step."""
    at = STEPS.index(step)
    words = page_texts(say.language)
    return pages.draw(
        "hour",
        say,
        title=study.title[study.language(say.language)],
        instruction=study.instruction[study.language(say.language)],
        step=step,
        steps=STEPS,
        minutes=MINUTES[step],
        names={each: words[f"step.{each}"][0] for each in STEPS},
        help=words[f"help.{step}"][0].split("\n"),
        before=STEPS[at - 1] if at else "",
        after=STEPS[at + 1] if at + 1 < len(STEPS) else "",
        counted=counted,
    )
