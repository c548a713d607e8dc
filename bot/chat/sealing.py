"""Sealing: text that only those who have the same secret can read, or can have written."""

from __future__ import annotations

import base64
import hashlib
import secrets
from contextlib import suppress

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_ONCE = 12
"""Bytes of a number that is used for one text alone."""


class Seal:
    def __init__(self, secret: str) -> None:
        key = hashlib.blake2b(secret.encode(), digest_size=32, person=b"briefing seal")
        self._cipher = AESGCM(key.digest())

    def seal(self, text: str, what: str) -> str:
        """Return the text as letters that tell no more of it than its length.

        It is unsealed as that of the same thing alone.
        """
        once = secrets.token_bytes(_ONCE)
        hidden = self._cipher.encrypt(once, text.encode(), what.encode())
        return base64.b64encode(once + hidden).decode("ascii")

    def unseal(self, sealed: str, what: str) -> str | None:
        """Return the text; None where another secret sealed it or another thing, or it changed."""
        with suppress(ValueError, InvalidTag):
            found = base64.b64decode(sealed, validate=True)
            return self._cipher.decrypt(found[:_ONCE], found[_ONCE:], what.encode()).decode()
        return None
