"""How a draft is kept so that its token alone finds and opens it."""

import zlib
from dataclasses import dataclass

from storage.crypto import aead
from storage.crypto.codes import Token
from storage.crypto.sealing import TooManyBytes, pad, unpad

_SIZES = (4096, 16384, 65536, 262144)
"""A draft takes one of these sizes in bytes, so that its growth does not show."""


@dataclass(frozen=True, slots=True)
class DraftCipher:
    """Encrypts the draft of a token; bound to its row and study, which are no secret."""

    token: Token
    study: str

    def encrypt(self, document: bytes) -> bytes:
        """Nonce and ciphertext. Raises `TooManyBytes`."""
        # What fits as it is need not be made smaller: that takes a tenth of a press.
        packed = zlib.compress(document, 0)
        if len(packed) > _SIZES[0]:
            packed = zlib.compress(document, 1)
        size = next((size for size in _SIZES if len(packed) <= size), None)
        if size is None:
            raise TooManyBytes(f"a draft of {len(packed)} bytes, and at most {_SIZES[-1]} fit")
        return aead.encrypt(self.token.derive("key"), pad(packed, size), self._place())

    def decrypt(self, stored: bytes) -> bytes:
        """The document. cryptography's InvalidTag for what this token did not encrypt."""
        packed = unpad(aead.decrypt(self.token.derive("key"), stored, self._place()))
        return zlib.decompress(packed)

    def _place(self) -> bytes:
        return self.token.derive("draft") + self.study.encode()
