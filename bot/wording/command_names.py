"""The names of slash commands and of their options, as people of each language type them.

Discord takes lower-case letters, digits, "-" and "_", at most 32.
"""

from __future__ import annotations

from bot.localization import NP_, pgettext

__all__ = ["COMMANDS", "OPTIONS", "command_name", "option_name"]

COMMANDS = (
    NP_("command", "access"),
    NP_("command", "ask"),
    NP_("command", "changes"),
    NP_("command", "compare"),
    NP_("command", "conflicts"),
    NP_("command", "documents"),
    NP_("command", "forget-me"),
    NP_("command", "gaps"),
    NP_("command", "help"),
    NP_("command", "list"),
    NP_("command", "reindex"),
    NP_("command", "remove"),
    NP_("command", "replaced"),
    NP_("command", "rollback"),
    NP_("command", "search"),
    NP_("command", "source"),
    NP_("command", "status"),
    NP_("command", "upload"),
    NP_("command", "watches"),
)
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


def command_name(name: str) -> str:
    """Return a command's name in the language of whoever is spoken to, without "/"."""
    return pgettext("command", name)


def option_name(name: str) -> str:
    """Return the name of a command's option in that language."""
    return pgettext("option", name)
