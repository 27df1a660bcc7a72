"""How a draft is kept so that its token alone finds and opens it."""

import secrets
import zlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.codes import Token
from storage.sealing import TooLong, pad, unpad

_SIZES = (4096, 16384, 65536, 262144)
"""A draft takes one of these sizes in bytes, so that its growth does not show."""


@dataclass(frozen=True, slots=True)
class DraftCipher:
    """Encrypts the draft of a token; bound to its row and study, which are no secret."""

    token: Token
    study: str

    def encrypt(self, document: bytes) -> bytes:
        """Nonce and ciphertext. Raises `TooLong`."""
        packed = zlib.compress(document, 1)
        size = next((size for size in _SIZES if len(packed) <= size), None)
        if size is None:
            raise TooLong(f"a draft of {len(packed)} bytes, and at most {_SIZES[-1]} fit")
        nonce = secrets.token_bytes(12)
        return nonce + self._aes().encrypt(nonce, pad(packed, size), self._bound())

    def decrypt(self, stored: bytes) -> bytes:
        """The document. cryptography's InvalidTag for what this token did not encrypt."""
        return zlib.decompress(unpad(self._aes().decrypt(stored[:12], stored[12:], self._bound())))

    def _aes(self) -> AESGCM:
        return AESGCM(self.token.derive("key"))

    def _bound(self) -> bytes:
        return self.token.derive("draft") + self.study.encode()
