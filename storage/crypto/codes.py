"""The secrets that participants hold: the token of a draft, the code of an answer.

Neither shows itself when printed by accident: ask for `str()` to get the text.
"""

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Literal

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: no I, L, O or U (https://www.crockford.com/base32.html)."""
_READ_AS = str.maketrans("OIL", "011")
_LOCATOR, _SECRET = 6, 17
_RESUME = 27


@dataclass(frozen=True, slots=True, repr=False)
class Token:
    """What a participant's own card carries: it finds and opens their draft."""

    secret: bytes

    @classmethod
    def new(cls) -> "Token":
        return cls(secrets.token_bytes(32))

    @classmethod
    def parse(cls, text: str) -> "Token | None":
        """The token that `str` wrote, or None for any other text."""
        try:
            secret = base64.urlsafe_b64decode(text + "=")
        except ValueError:
            return None
        token = cls(secret)
        return token if len(secret) == 32 and str(token) == text else None

    def __str__(self) -> str:
        return base64.urlsafe_b64encode(self.secret).decode().rstrip("=")

    def derive(self, purpose: Literal["draft", "key", "receipt"]) -> bytes:
        """32 bytes for one purpose, which tell nothing about those for another.

        Keyed BLAKE2b with the purpose as its personalisation, as libsodium's
        `crypto_kdf` does it; the token is random, so there is no need to extract.
        """
        return hashlib.blake2b(key=self.secret, person=purpose.encode(), digest_size=32).digest()


@dataclass(frozen=True, slots=True)
class Mistyped:
    """As long as a code, but a character was misread."""


@dataclass(frozen=True, slots=True, repr=False)
class Code:
    """What a participant notes: `K7QM-2F9T-...`, six groups of four characters.

    6 characters say where to look and are stored as they are; 17 are secret
    (85 bits) and stored as a slow hash; the last one tells a slip of the pen.
    """

    locator: str
    secret: str

    @classmethod
    def new(cls) -> "Code":
        drawn = "".join(secrets.choice(ALPHABET) for _ in range(_LOCATOR + _SECRET))
        return cls(drawn[:_LOCATOR], drawn[_LOCATOR:])

    @classmethod
    def parse(cls, text: str) -> "Code | Mistyped | None":
        """Read what a person typed: any case, any spaces and dashes, O for 0, I or L for 1."""
        typed = _typed(text)
        if len(typed) != _LOCATOR + _SECRET + 1 or set(typed) - set(ALPHABET):
            return None
        code = cls(typed[:_LOCATOR], typed[_LOCATOR:-1])
        return code if code._check == typed[-1] else Mistyped()

    def own_key(self) -> bytes:
        """The key of the participant's own copy. The secret has 85 random bits: none guesses it."""
        return hmac.digest(self.secret.encode(), b"kollegial own copy", hashlib.sha256)

    def __str__(self) -> str:
        return _grouped(self.locator + self.secret + self._check)

    @property
    def _check(self) -> str:
        return _check_character(self.locator + self.secret)


@dataclass(frozen=True, slots=True, repr=False)
class ResumeCode:
    """What comes back to a draft that was begun from a link: seven groups of four characters.

    27 characters are secret (135 bits), and the last one tells a slip of the
    pen. The page in the browser draws it (`bot/web/files/codes.js`).
    """

    secret: str

    @classmethod
    def new(cls) -> "ResumeCode":
        return cls("".join(secrets.choice(ALPHABET) for _ in range(_RESUME)))

    @classmethod
    def parse(cls, text: str) -> "ResumeCode | None":
        """Read what a person typed; None for what is no such code, or was misread."""
        typed = _typed(text)
        if len(typed) != _RESUME + 1 or set(typed) - set(ALPHABET):
            return None
        return cls(typed[:-1]) if _check_character(typed[:-1]) == typed[-1] else None

    def token(self) -> Token:
        """The token of the draft: one code, one draft."""
        return Token(hashlib.sha256(b"kollegial resume " + self.secret.encode()).digest())

    def __str__(self) -> str:
        return _grouped(self.secret + _check_character(self.secret))


def _typed(text: str) -> str:
    """The characters that were meant: any case, any spaces and dashes, O for 0, I or L for 1."""
    folded = unicodedata.normalize("NFKC", text).upper().translate(_READ_AS)
    return re.sub(r"[\W_]", "", folded)


def _grouped(text: str) -> str:
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))


def _check_character(text: str) -> str:
    """Luhn's check character in base 32.

    It tells every single misread character, and every two neighbours
    changed about but 0 and Z.
    """
    total = 0
    for doubled, character in enumerate(reversed(text), start=1):
        value = ALPHABET.index(character) * (1 + doubled % 2)
        total += value // 32 + value % 32
    return ALPHABET[-total % 32]
