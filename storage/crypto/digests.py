"""Digests of ids, under a key: the same id has the same digest, and a list of ids tells nothing.
What must be read again, and names a person beside a study, is locked under the same key.

Without a key, whoever has the database tries every person and every study, and finds which
digest is whose.
"""

import base64
import hashlib
import hmac
import json

from storage.crypto import aead

SECRET_BYTES = 32


class Digests:
    """Digests under a secret.

    Until there is one, under none: so do the researcher's commands, which have no key of the
    server's, and whose rows name studies alone.
    """

    def __init__(self) -> None:
        self.use(bytes(SECRET_BYTES))

    def use(self, secret: bytes) -> None:
        """From now on under this secret."""
        self._keyed = hmac.new(secret, digestmod=hashlib.sha256)

    def of(self, *parts: str) -> bytes:
        """The digest of several texts, which no other texts have."""
        # Not `hmac.digest`: it lets go of Python's lock, and then waits for it as long as it
        # takes the databases' threads to give it back.
        keyed = self._keyed.copy()
        keyed.update(json.dumps(parts).encode())
        return keyed.digest()

    def lock(self, whose: str, message: str) -> str:
        """A text that only the secret opens, in base64."""
        locked = aead.encrypt(self.of("lock"), message.encode(), whose.encode())
        return base64.b64encode(locked).decode()

    def unlock(self, whose: str, locked: str) -> str:
        """The text. cryptography's InvalidTag for any other secret or `whose`."""
        return aead.decrypt(self.of("lock"), base64.b64decode(locked), whose.encode()).decode()
