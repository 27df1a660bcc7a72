"""What only its writer, or only a session, should read: under a key that no database holds.

Each row has a random key of its own, so that destroying the row destroys what was
locked with it; the server's key is added to it, so that the database alone
opens nothing (docs/adr/0022-server-key.md).
"""

import hmac
import secrets
from typing import Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage import aead
from storage.codes import ALPHABET

KEY_BYTES = 32


class Vault:
    """Locks and unlocks with the server's key of 32 bytes."""

    def __init__(self, server_key: bytes) -> None:
        if len(server_key) != KEY_BYTES:
            raise ValueError(f"a server key has {KEY_BYTES} bytes")
        self._server_key = server_key

    @classmethod
    def from_hex(cls, server_key: str) -> Self:
        """From 64 hexadecimal digits. Raises ValueError, without the key in it."""
        try:
            return cls(bytes.fromhex(server_key))
        except ValueError:
            raise ValueError(f"the server key is not {2 * KEY_BYTES} hexadecimal digits") from None

    @staticmethod
    def new_row_key() -> bytes:
        return secrets.token_bytes(KEY_BYTES)

    def lock(self, row_key: bytes, whose: str, message: bytes) -> bytes:
        """Nonce and ciphertext, for the row with this key and for `whose` eyes alone."""
        return aead.encrypt(self._key(row_key, whose), message, whose.encode())

    def unlock(self, row_key: bytes, whose: str, locked: bytes) -> bytes:
        """The message. cryptography's InvalidTag for any other key or `whose`."""
        return aead.decrypt(self._key(row_key, whose), locked, whose.encode())

    def label(self, group: str) -> str:
        """What a group is called in research: always the same, and known to be its by nobody else.

        39 bits in Crockford's base32, so that no two of a thousand groups share one. A letter
        comes first: a spreadsheet would take 1E234567 for a number.
        """
        first, *rest = hmac.digest(self._server_key, f"group label {group}".encode(), "sha256")
        return ALPHABET[10:][first % 22] + "".join(ALPHABET[byte % 32] for byte in rest[:7])

    def _key(self, row_key: bytes, whose: str) -> bytes:
        return HKDF(SHA256(), KEY_BYTES, salt=row_key, info=whose.encode()).derive(self._server_key)
