"""Characters that are not seen: places where a word may be broken, and marks of byte order."""

from __future__ import annotations

import re

INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
"""Soft hyphens, spaces and joiners without width. Those of Persian and of emoji are no such."""
