"""A participant whose process is killed: run as a program by `test_kills.py`."""

import hashlib
from dataclasses import dataclass

from storage.crypto.codes import ALPHABET, Code, Token
from storage.urn.store import SubmissionRefusal, Urn
from tests.storage.conftest import QUICK
from tests.support.killing import Acknowledge, Steps, serve

BEGUN, LAID = b"nothing yet", b"every statement lies on the grid"
FIRST, SECOND = b"first", b"second"
NAME, WITHDRAWN_NAME = "rolig elv", "vid fjord"


@dataclass(frozen=True)
class Secrets:
    """What the people of a study hold. They survive, as they do on cards and paper."""

    study: str

    def _bytes(self, purpose: str) -> bytes:
        return hashlib.sha256(f"{self.study} {purpose}".encode()).digest()

    def token(self, purpose: str) -> Token:
        return Token(self._bytes(purpose))

    def code(self, purpose: str) -> Code:
        text = "".join(ALPHABET[byte % 32] for byte in self._bytes(purpose))
        return Code(text[:6], text[6:23])


async def take_part(urn: Urn, study: str, acknowledge: Acknowledge) -> None:
    """Begin, go on, submit, change the answer; another withdraws; the study closes."""
    secrets = Secrets(study)
    draft = await urn.open_draft(secrets.token("first"), study, BEGUN)
    assert draft is not None
    acknowledge("begun")
    draft = await urn.save_draft(secrets.token("first"), draft, LAID)
    assert draft is not None
    acknowledge("laid")
    submitted = await urn.submit(secrets.token("first"), draft, FIRST, NAME, secrets.code("mine"))
    assert not isinstance(submitted, SubmissionRefusal)
    acknowledge("submitted")
    draft = await urn.open_draft(secrets.token("second"), study, LAID)
    assert draft is not None
    acknowledge("begun again")
    replaced = await urn.replace(secrets.token("second"), draft, SECOND, secrets.code("mine"))
    assert not isinstance(replaced, SubmissionRefusal)
    acknowledge("replaced")
    assert await urn.withdraw(secrets.code("theirs")) is not None
    acknowledge("withdrawn")
    await urn.close_study(study)
    acknowledge("closed")


async def live(url: str, study: str, kill_at: int, acknowledge: Acknowledge) -> None:
    urn = await Urn.open(url, QUICK)
    steps = Steps(kill_at)
    steps.watch(urn._database)
    await steps.awaiting(take_part(urn, study, acknowledge))
    acknowledge("alive")
    await urn.close()


if __name__ == "__main__":
    serve(live)
