"""AES-GCM as the urn uses it: with a nonce of its own each time, and bound to its place."""

import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


def encrypt(key: bytes, message: bytes, place: bytes) -> bytes:
    """Nonce and ciphertext; `key` has 32 bytes."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, message, place)


def decrypt(key: bytes, stored: bytes, place: bytes) -> bytes:
    """The message. cryptography's InvalidTag for another key, another place, or damage."""
    return AESGCM(key).decrypt(stored[:_NONCE], stored[_NONCE:], place)
