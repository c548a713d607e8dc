"""Sealing: text that only those who have the same secret can read, or can have written.

SHAKE-256 of the secret and a number that is used once hides the text, and keyed BLAKE2b tells
whether it is as it was written. Nothing else is encrypted here, so no library is needed for it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets

__all__ = ["Seal"]

_ONCE, _TAG = 16, 32
"""Bytes."""


class Seal:
    def __init__(self, secret: str) -> None:
        key = secret.encode()
        self._hiding = hashlib.blake2b(key, person=b"briefing hide").digest()
        self._signing = hashlib.blake2b(key, person=b"briefing sign").digest()

    def seal(self, text: str) -> str:
        """Return the text as letters that tell no more of it than its length."""
        once = secrets.token_bytes(_ONCE)
        hidden = self._hidden(text.encode(), once)
        return base64.b64encode(once + self._tag(once + hidden) + hidden).decode("ascii")

    def unseal(self, sealed: str) -> str | None:
        """Return the text; None where another secret sealed it, or it was changed."""
        try:
            found = base64.b64decode(sealed, validate=True)
        except (binascii.Error, ValueError):
            return None
        once, tag, hidden = found[:_ONCE], found[_ONCE : _ONCE + _TAG], found[_ONCE + _TAG :]
        if not hmac.compare_digest(tag, self._tag(once + hidden)):
            return None
        return self._hidden(hidden, once).decode()

    def _hidden(self, text: bytes, once: bytes) -> bytes:
        """Hide what is not hidden, and show what is."""
        pad = hashlib.shake_256(self._hiding + once).digest(len(text))
        mixed = int.from_bytes(text, "big") ^ int.from_bytes(pad, "big")
        return mixed.to_bytes(len(text), "big")

    def _tag(self, signed: bytes) -> bytes:
        return hashlib.blake2b(signed, key=self._signing, digest_size=_TAG).digest()
