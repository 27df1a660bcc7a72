"""Sealing answers with age to a study's public key (https://age-encryption.org/v1).

The server knows recipients only. The identity, age's word for the private key,
lives in a file on the researcher's machine.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from pyrage import DecryptError, IdentityError, RecipientError, decrypt, encrypt, x25519

_LENGTH = 4
"""Bytes that say how many of the following are the message and not padding."""


class InvalidKey(ValueError):
    """Text that is no key of the kind wanted."""


class WrongKey(Exception):
    """The answer was sealed to another key."""


class TooManyBytes(ValueError):
    """More bytes than the fixed size has room for."""


def pad(message: bytes, size: int) -> bytes:
    """`message`, its length, and zeros, of `size` + 4 bytes whatever the message."""
    if len(message) > size:
        raise TooManyBytes(f"{len(message)} bytes, and at most {size} fit")
    return len(message).to_bytes(_LENGTH, "big") + message.ljust(size, b"\0")


def unpad(padded: bytes) -> bytes:
    """What `pad` was given."""
    return padded[_LENGTH : _LENGTH + int.from_bytes(padded[:_LENGTH], "big")]


@dataclass(frozen=True, slots=True)
class Recipient:
    """A study's public key, `age1...`."""

    text: str

    def __post_init__(self) -> None:
        try:
            x25519.Recipient.from_str(self.text)
        except RecipientError as error:
            raise InvalidKey("A public key starts with age1 and has 62 characters.") from error

    def seal(self, answer: bytes, size: int) -> bytes:
        """Encrypt an answer of up to `size` bytes; all of them come out alike.

        age adds a random number of bytes of its own, drawn anew each time.
        """
        sealed: bytes = encrypt(pad(answer, size), [x25519.Recipient.from_str(self.text)])
        return sealed


@dataclass(frozen=True, slots=True, repr=False)
class PrivateKey:
    """A study's private key, `AGE-SECRET-KEY-1...`."""

    text: str

    def __post_init__(self) -> None:
        try:
            x25519.Identity.from_str(self.text)
        except IdentityError as error:
            raise InvalidKey("A private key starts with AGE-SECRET-KEY-1.") from error

    @property
    def recipient(self) -> Recipient:
        return Recipient(str(x25519.Identity.from_str(self.text).to_public()))

    def unseal(self, sealed: bytes) -> bytes:
        """The answer that was sealed. Raises `WrongKey`."""
        try:
            return unpad(decrypt(sealed, [x25519.Identity.from_str(self.text)]))
        except DecryptError as error:
            raise WrongKey("This is not the key that the study was created with.") from error


def nobodys_key() -> Recipient:
    """A public key whose private one was never kept: what is sealed with it stays sealed."""
    return Recipient(str(x25519.Identity.generate().to_public()))


def generate_identity(path: Path) -> Recipient:
    """Write a new private key to `path`, readable by its owner only.

    The file is age's own format, so that `age --decrypt -i FILE` reads it too.
    Raises FileExistsError where there is a file: a lost key is lost answers.
    """
    identity = PrivateKey(str(x25519.Identity.generate()))
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"# public key: {identity.recipient.text}\n{identity.text}\n")
        file.flush()
        os.fsync(handle)
    return identity.recipient


def read_identity(path: Path) -> PrivateKey:
    """The private key in a file. Raises OSError, and `InvalidKey` if it holds none."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    keys = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if len(keys) != 1:
        raise InvalidKey(f"{path.name} should hold one private key and holds {len(keys)}.")
    return PrivateKey(keys[0])
