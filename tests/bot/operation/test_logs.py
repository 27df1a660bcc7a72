"""Nothing of what people write, hold or are is in any log, whatever goes wrong."""

import json
import logging
import re
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs
from structlog.typing import EventDict, WrappedLogger

from bot.operation import logs
from simulation.cards import elements
from simulation.hand import Faults, Tally
from simulation.study import StudyScenario, simulate_study
from tests.support.kollegial import begin, carried, deliver, fact, kollegial, press_raw, sort
from tests.support.studies import SMALL

COMMENT, REASON = "hemmelig kommentar", "fordi det er slik"


class Heard(logging.Handler):
    """Every record of every library, with all that it carries, and every line of ours."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name == "aiohttp.access" and "/api/messages" not in record.getMessage():
            return  # the fake Teams, which knows everybody
        shown = logging.Formatter("%(name)s %(message)s").format(record)
        self.lines.append(f"{shown} {record.__dict__}")

    def __call__(self, _: WrappedLogger, __: str, event: EventDict) -> EventDict:
        self.lines.append(json.dumps(event))
        raise structlog.DropEvent


@pytest.fixture
def heard() -> Iterator[Heard]:
    """Everything at DEBUG, where the bot's own lines go through its own filter."""
    heard, root = Heard(), logging.getLogger()
    level, kept = root.level, structlog.get_config()
    root.addHandler(heard)
    root.setLevel(logging.DEBUG)
    structlog.configure(
        processors=[structlog.processors.add_log_level, logs.keep_allowed, heard],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        cache_logger_on_first_use=False,
    )
    yield heard
    structlog.configure(**kept)
    root.setLevel(level)
    root.removeHandler(heard)


async def test_no_log_tells_who_did_or_wrote_what(
    tmp_path: Path, heard: Heard, capfd: pytest.CaptureFixture[str]
) -> None:
    async with kollegial(tmp_path) as house:
        faults = Faults(double=0.3, redelivered=0.3, stale=0.3, undone=0.3)
        simulated = await simulate_study(
            house.teams, StudyScenario(SMALL.id, 4, faults=faults), Tally()
        )
        post = await begin(house.kari)
        token = carried(house.kari, post, "qsort.read")["token"]
        await sort(house.kari, post, "qsort.explain")
        field = next(
            e["id"]
            for e in elements(house.kari.card(post))
            if str(e.get("id")).startswith("reason.")
        )
        given = {field: REASON, "comment": COMMENT}
        data = carried(house.kari, post, "qsort.explain")
        await press_raw(
            house.kari, post, "qsort.explain", data | given | {"comment": COMMENT * 999}
        )
        await house.kari.press(post, "qsort.explain", given)
        pseudonym, code = fact(house.kari, post, 0), fact(house.kari, post, 1)
        await house.kari.press(post, "qsort.deliver", {"earlier_code": code[:-1] + "x"})

        def broken(*_: object, **__: object) -> None:
            raise RuntimeError(COMMENT, REASON, token, code, pseudonym, house.kari.name)

        submit: Any = house.urn.submit
        house.urn.submit = broken  # type: ignore[method-assign, assignment] # a bug full of content
        reply = await house.kari.press(post, "qsort.deliver")
        assert reply.text
        house.urn.submit = submit  # type: ignore[method-assign] # the planted bug is gone again
        house.teams.fail("PUT", status=403, code="BotNotInConversationRoster")
        house.teams.fail("PUT", status=500, times=2)
        await house.kari.press(post, "qsort.deliver")
        await house.settle()
        kinds: Any = house.services.dispatcher._kinds
        kinds["consent"] = broken
        await house.kari.write("studie", group := house.teams.group_chat(house.kari, house.ola))
        await house.kari.press(group.last, "study.start")
        await house.settle()
        _, other = await deliver(house.ola)
        await house.ola.write(f"trekk {other}")
        await house.ola.press(house.ola.chat.last, "study.withdraw", data={"sure": "yes"})
        await house.teams.raw(COMMENT.encode(), house.teams.authorization())
        await house.teams.raw(COMMENT.encode(), "Bearer forged")
        await house.anne.write("lukk")
        await house.anne.press(house.anne.chat.last, "study.close")
        await house.restart()

    everything = "\n".join([*heard.lines, *capfd.readouterr()])
    assert "turn_failed" in everything
    assert "outbox_failed" in everything
    assert "request_refused" in everything
    secrets = {COMMENT, REASON, token, code, other, pseudonym}
    for one in simulated:
        secrets |= {one.pseudonym, one.code, one.comment, *one.reasons.values()}
    for user in (house.anne, house.kari, house.ola):
        secrets |= {user.name, user.id, user.teams_id, user.chat.id}
    assert [secret for secret in secrets if secret in everything] == []


def test_a_field_that_is_not_on_the_list_is_dropped() -> None:
    event = {"event": "turn_failed", "error": "ValueError", "text": COMMENT, "person": "29:1"}

    assert logs.keep_allowed(None, "info", event) == {"event": "turn_failed", "error": "ValueError"}


@pytest.fixture
def configured() -> Iterator[None]:
    """Logs as the command sets them up, for one test."""
    kept, root = structlog.get_config(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logs.configure()
    yield
    structlog.configure(**kept)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.usefixtures("configured")
def test_a_librarys_warning_is_told_by_its_place_alone(capsys: pytest.CaptureFixture[str]) -> None:
    library = logging.getLogger("a.library")
    library.info("quiet %s", COMMENT)
    library.warning("loud %s", COMMENT)
    library.error("failed on %s", COMMENT, exc_info=ValueError(COMMENT))
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    assert [(line["event"], line["kind"], line["error"]) for line in lines] == [
        ("library", "a.library", ""),
        ("library", "a.library", "ValueError"),
    ]
    assert COMMENT not in str(lines)


@pytest.mark.usefixtures("configured")
def test_a_line_that_cannot_be_written_costs_nothing_else(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    log = structlog.get_logger()
    with monkeypatch.context() as away:
        closed = StringIO()
        closed.close()
        away.setattr(sys, "stderr", closed)
        log.error("turn_failed")
    log.error("turn_failed", turn="1")

    assert json.loads(capsys.readouterr().err)["turn"] == "1"


class FullDisk(Exception):
    sqlstate = "53100"


async def test_a_bug_is_told_with_a_reference_and_logged_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full() -> None:
        raise DBAPIError("SELECT", {}, FullDisk())

    async with kollegial(tmp_path) as house:
        await house.kari.write("hjelp")
        monkeypatch.setattr(house.services.studies, "open_ones", full)
        with capture_logs() as lines:
            await house.kari.write("studie")
        told = str(house.kari.chat.last.text)

    (failed,) = [line for line in lines if line["event"] == "turn_failed"]
    assert failed["sqlstate"] == "53100"
    assert re.fullmatch(r"[\w/]+\.py:\d+", failed["place"]), failed
    assert told.endswith(f"{failed['reference']}.")
