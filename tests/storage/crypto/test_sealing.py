import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrage import x25519

from storage.crypto.sealing import (
    InvalidKey,
    PrivateKey,
    Recipient,
    TooManyBytes,
    WrongKey,
    generate_identity,
    pad,
    read_identity,
    unpad,
)


@given(st.binary(max_size=50))
def test_padding_comes_off_and_hides_the_length(message: bytes) -> None:
    padded = pad(message, 50)
    assert unpad(padded) == message
    assert len(padded) == 54


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(TooManyBytes, match="51 bytes, and at most 50 fit"):
        pad(bytes(51), 50)


def test_only_the_private_key_unseals(identity: PrivateKey) -> None:
    sealed = identity.recipient.seal("på gården".encode(), 100)

    assert identity.unseal(sealed).decode() == "på gården"
    assert "på gården".encode() not in sealed
    with pytest.raises(WrongKey):
        PrivateKey(str(x25519.Identity.generate())).unseal(sealed)
    with pytest.raises(WrongKey):
        identity.unseal(sealed[:-1])
    with pytest.raises(WrongKey):
        identity.unseal(b"nothing")


def test_sealed_answers_do_not_show_their_length(identity: PrivateKey) -> None:
    def sizes(answer: bytes) -> set[int]:
        return {len(identity.recipient.seal(answer, 1000)) for _ in range(60)}

    # age adds up to some 265 bytes at random, whatever the answer.
    short, long = sizes(b""), sizes(bytes(1000))
    assert min(long) < max(short)
    assert min(short) < max(long)


def test_a_key_file_is_written_once_for_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "study.key"
    recipient = generate_identity(path)
    written = path.read_bytes()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_identity(path).recipient == recipient
    with pytest.raises(FileExistsError):
        generate_identity(path)
    assert path.read_bytes() == written


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"# only a comment\n", b"a\nb\n", b"age1"])
def test_a_file_that_holds_no_key_says_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "study.key"
    path.write_bytes(content)
    with pytest.raises(InvalidKey, match="private key"):
        read_identity(path)


@pytest.mark.parametrize("text", ["", "age1", "age1xyz", "AGE-SECRET-KEY-1", "\0", "ssh-rsa AAAA"])
def test_a_public_key_is_checked_at_once(text: str) -> None:
    with pytest.raises(InvalidKey, match="age1"):
        Recipient(text)


def test_a_private_key_does_not_show_by_accident(identity: PrivateKey) -> None:
    assert identity.text not in repr(identity)
