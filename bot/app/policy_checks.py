"""Checks of the policy and of the guild settings: whether they name what is there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path, PurePosixPath

from bot.access.policy import CLOSED, FIELD, Policy, wording_of
from bot.app import composition
from bot.check_results import LEAST_ID, CheckResult, worth_knowing
from bot.config.guilds import GuildBook
from bot.config.settings import Settings
from bot.errors import BadSettings
from bot.localization import _, ngettext
from bot.text import place_of
from index.errors import IndexUnavailable
from index.parsing.metadata.front_matter_audience import NOT_UNDERSTOOD


def check_guilds(settings: Settings) -> CheckResult:
    try:
        book = GuildBook.read(settings.guilds)
    except BadSettings as exc:
        return CheckResult("Guild settings", False, str(exc))
    if settings.guilds is None:
        return CheckResult(
            "Guild settings", True, _("none: no channels for questions, no audit channel")
        )
    sections = ngettext("{n:,} section", "{n:,} sections", len(book.sections)).format(
        n=len(book.sections)
    )
    return CheckResult("Guild settings", True, f"{settings.guilds}, {sections}")


def check_policy(settings: Settings) -> Iterator[CheckResult]:
    """Check the policy; find rules that show less, or show it to others, than was meant."""
    try:
        policy = Policy.read(settings.policy)
    except BadSettings as exc:
        yield CheckResult("Policy", False, str(exc))
        return
    if policy.path is None:
        yield CheckResult(
            "Policy", True, _("none: all is open to the server that the bot was in first")
        )
        return
    number = len(policy.audiences) - 2
    audiences = ngettext("{n:,} audience", "{n:,} audiences", number).format(n=number)
    who = _("`briefing-bot audience` says who sees a document, and what somebody sees")
    yield CheckResult("Policy", True, f"{policy.path}, {audiences}; {who}")
    yield from _mistyped(policy)
    with suppress(IndexUnavailable):
        documents = composition.current_generation(settings).generation().catalog.metadata()
        yield from _rules_without_documents(policy, documents, settings.corpus)
        yield from _unknown_audiences(policy, documents)


def _mistyped(policy: Policy) -> Iterator[CheckResult]:
    """Find ids that are too short, and audiences of nobody."""
    named = policy.everything
    for number in sorted(named.roles | named.people | named.channels | named.guilds):
        if number < LEAST_ID:
            detail = _("{number} is no id of Discord's.").format(number=number)
            yield worth_knowing("Policy", detail)
    for name, audience in policy.audiences.items():
        if audience == CLOSED and name != "closed":
            detail = _("The audience {name} has no members.").format(name=name)
            yield worth_knowing("Policy", detail)


def _rules_without_documents(
    policy: Policy, documents: Iterable[str], corpus: Path
) -> Iterator[CheckResult]:
    """Find rules for folders in which no document lies."""
    places = [place_of(name) for name in documents]
    folders = {f"{parent}/" for place in places for parent in PurePosixPath(place).parents[:-1]}
    ruled = {path for path, _ in policy.folders}
    for path in sorted(ruled - folders - {""}):
        detail = _("No document lies in {path}.").format(path=path)
        meant = _perhaps_meant(path, folders - ruled)
        if not meant or (corpus / path).is_dir():
            yield worth_knowing("Policy", detail)
        else:
            remedy = _(
                "Correct the path if {meant} is meant: the rule does not apply there."
            ).format(meant=meant)
            yield CheckResult("Policy", False, detail, remedy)


def _unknown_audiences(
    policy: Policy, documents: Mapping[str, Mapping[str, str]]
) -> Iterator[CheckResult]:
    """Find documents that name no audience of the policy; the remedy is told once a wording."""
    explained: set[str] = set()
    for name, fields in documents.items():
        written = fields.get(FIELD)
        unknown = policy.unknown_in(written)
        if not unknown:
            continue
        template = _("{name} is for {unknown}, which is no audience, so nobody else sees it.")
        if unknown == NOT_UNDERSTOOD:
            template = _("The audience of {name} is not understood, so nobody sees it.")
        remedy = ""
        if written and unknown != NOT_UNDERSTOOD and wording_of(written) not in explained:
            explained.add(wording_of(written))
            remedy = _(
                "Name an audience of the policy in it; or, if that is said in words, say below "
                "[wordings] of the policy which audience they mean, or open: {line}"
            ).format(line=f'{json.dumps(written, ensure_ascii=False)} = ["…"]')
        yield worth_knowing("Document", template.format(name=name, unknown=unknown), remedy)


def _perhaps_meant(path: str, folders: Iterable[str]) -> str:
    """Return a folder of a similar name or in another place of the tree; "" for none.

    Names that differ in numbers only, such as years, are different on purpose.
    """
    candidates = [folder for folder in sorted(folders) if _letters(folder) != _letters(path)]
    for folder in candidates:
        if f"/{path}".endswith(f"/{folder}") or f"/{folder}".endswith(f"/{path}"):
            return folder
    return "".join(get_close_matches(path, candidates, n=1, cutoff=0.8))


def _letters(path: str) -> str:
    return re.sub(r"\d+", "", path)
