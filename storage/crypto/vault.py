"""What only its writer, or only a session, should read: under a key that no database holds.

Each row has a random key of its own, so that destroying the row destroys what was
locked with it; the server's key is added to it, so that the database alone
opens nothing (docs/adr/0022-server-key.md).

While the server's key is changed there are two: what is locked is locked with the first, and
either unlocks.
"""

import hmac
import secrets
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.crypto import aead
from storage.crypto.codes import ALPHABET

KEY_BYTES = 32


class Vault:
    """Locks and unlocks with the server's keys of 32 bytes, the newest first."""

    def __init__(self, server_key: bytes, *earlier: bytes) -> None:
        if any(len(key) != KEY_BYTES for key in (server_key, *earlier)):
            raise ValueError(f"a server key has {KEY_BYTES} bytes")
        self._server_key = server_key
        self._earlier = earlier

    @classmethod
    def from_hex(cls, server_keys: str) -> Self:
        """From 64 hexadecimal digits, or several of them, the newest first, with commas between.

        Raises ValueError, without the key in it.
        """
        try:
            return cls(*(bytes.fromhex(key) for key in server_keys.split(",")))
        except ValueError:
            raise ValueError(
                f"the server key is not {2 * KEY_BYTES} hexadecimal digits, or two of them with "
                "a comma between"
            ) from None

    @staticmethod
    def new_row_key() -> bytes:
        return secrets.token_bytes(KEY_BYTES)

    def lock(self, row_key: bytes, whose: str, message: bytes) -> bytes:
        """Nonce and ciphertext, for the row with this key and for `whose` eyes alone."""
        return aead.encrypt(_derived(self._server_key, row_key, whose), message, whose.encode())

    def unlock(self, row_key: bytes, whose: str, locked: bytes) -> bytes:
        """The message. cryptography's InvalidTag for any other key or `whose`."""
        *others, last = self._server_key, *self._earlier
        for server_key in others:
            try:
                return self._unlock(server_key, row_key, whose, locked)
            except InvalidTag:
                continue
        return self._unlock(last, row_key, whose, locked)

    def relock(self, row_key: bytes, whose: str, locked: bytes) -> bytes:
        """The same message, locked with the newest key."""
        return self.lock(row_key, whose, self.unlock(row_key, whose, locked))

    def label(self, group: str) -> str:
        """What a group is called in research: the same as long as the key is, and known to be its
        by nobody else.

        39 bits in Crockford's base32, so that no two of a thousand groups share one. A letter
        comes first: a spreadsheet would take 1E234567 for a number.
        """
        first, *rest = hmac.digest(self._server_key, f"group label {group}".encode(), "sha256")
        return ALPHABET[10:][first % 22] + "".join(ALPHABET[byte % 32] for byte in rest[:7])

    @staticmethod
    def _unlock(server_key: bytes, row_key: bytes, whose: str, locked: bytes) -> bytes:
        return aead.decrypt(_derived(server_key, row_key, whose), locked, whose.encode())


def _derived(server_key: bytes, row_key: bytes, whose: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=row_key, info=whose.encode()).derive(server_key)
