"""The names of slash commands and of their options, as people of each language type them.

A command's name stands in its cog, marked by `NP_`; options, named by parameters, are listed here.

Discord takes lower-case letters, digits, "-" and "_", at most 32.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.localization import NP_, pgettext

OPTIONS = (
    NP_("option", "by"),
    NP_("option", "days"),
    NP_("option", "decision"),
    NP_("option", "document"),
    NP_("option", "dry_run"),
    NP_("option", "file"),
    NP_("option", "file2"),
    NP_("option", "file3"),
    NP_("option", "file4"),
    NP_("option", "file5"),
    NP_("option", "filter"),
    NP_("option", "folder"),
    NP_("option", "kind"),
    NP_("option", "place"),
    NP_("option", "private"),
    NP_("option", "question"),
    NP_("option", "share"),
    NP_("option", "show"),
    NP_("option", "since"),
    NP_("option", "topic"),
    NP_("option", "until"),
    NP_("option", "with"),
    NP_("option", "words"),
)


_SENTENCE = re.compile(r"\S.*?(?:[.:!?](?=\s|$)|$)[ ]*", re.MULTILINE)


def command_name(name: str) -> str:
    """Return a command's name in the language of whoever is spoken to, without "/"."""
    return pgettext("command", name)


def option_name(name: str) -> str:
    return pgettext("option", name)


def without_off(text: str, off: Iterable[str]) -> str:
    """Return words of our own without the sentences that name a command that is `off`."""
    names = "|".join(re.escape(command_name(each)) for each in off)
    if not names:
        return text
    named = re.compile(rf"(?<!\\)`/(?:{names})[` ]")
    kept = _SENTENCE.sub(lambda found: "" if named.search(found[0]) else found[0], text)
    lines = zip(text.split("\n"), kept.split("\n"), strict=True)
    return "\n".join(now.rstrip() for before, now in lines if now.strip(" -#") or not before)
