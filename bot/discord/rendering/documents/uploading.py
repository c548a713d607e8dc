"""What an admin confirms before files are put into the documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from bot import messages
from bot.discord.rendering.audiences import people
from bot.discord.rendering.colours import ALERT
from bot.discord.rendering.documents.differences import difference_blocks, versions
from bot.discord.rendering.escape import bold, escape_line
from bot.discord.rendering.message import Button, MessagePart, packed
from bot.documents.uploads.incoming import Incoming
from bot.documents.uploads.waiting_files import WaitingFile
from bot.localization import _, ngettext
from bot.wording.differences import summary
from index.comparing.stretches import stretches

_NAME, _REASON = 400, 700
_MOST_DIFFERENCES = 8
"""Differences that are shown, of all files together."""

Refused = tuple[str, str]
"""The name of a file, and why it is left out."""


def confirm_upload(
    files: Sequence[Incoming],
    refused: Sequence[Refused],
    *,
    names_people: bool,
    rows: Sequence[Sequence[Button]],
) -> list[MessagePart]:
    """Return what putting in these files changes: what is new, what differs, and who would see it.

    With `names_people`, audiences are shown with all who are in them.
    """
    seen = [_seen_by(each, names_people=names_people) for each in files]
    is_shared = names_people and len(files) > 1 and len(set(seen)) == 1
    lines = [_put_in(files)] if files else []
    lines += seen[:1] if is_shared else []
    for each, by in zip(files, seen, strict=True):
        lines += _arriving(each)
        lines += [] if is_shared else [f"  {by}"]
    lines += [
        _("{name} is left out: {reason}.").format(
            name=bold(name, _NAME), reason=escape_line(reason, _REASON)
        )
        for name, reason in refused
    ]
    differing, left = list[str](), _MOST_DIFFERENCES
    for each in files:
        if each.comparison:
            differing += _differing(each, left, several=len(files) > 1)
            left = max(0, left - len(stretches(each.comparison)))
    # Each apart: below a list, what follows a quote would belong to it.
    return packed(
        [*lines, *((block,) for block in differing)], between="\n", colour=ALERT, rows=rows
    )


def _arriving(each: Incoming) -> Iterator[str]:
    yield f"- {_file(each.file)}"
    if each.held:
        yield _("  A rollback **took this back**: putting it in lets it answer again.")
    if each.beside and each.beside.name != each.file.name:
        title = bold(each.beside.title or each.beside.name, _NAME)
        yield _("  It would lie beside {title}, which has the same title.").format(title=title)
    if each.comparison:
        found = stretches(each.comparison)
        yield f"  {summary(each.comparison, found, one_document=True)}"


def _file(file: WaitingFile) -> str:
    facts = [size_of(file.size)]
    if file.pages:
        facts.append(messages.pages(file.pages))
    if file.replaces is None:
        template = _("{name} ({facts}): new; titled “{title}”")
    else:
        template = _("{name} ({facts}): **replaces** the one of that name; titled “{title}”")
    return template.format(
        name=bold(file.name, _NAME),
        title=escape_line(file.title, _NAME),
        facts=", ".join(facts),
    )


def _seen_by(each: Incoming, *, names_people: bool) -> str:
    if each.unknown:
        return _(
            "**Nobody would see it**: it says that it is for {names}, which is no audience of the "
            "policy."
        ).format(names=escape_line(each.unknown, _NAME))
    if not names_people:
        if each.apart:
            return _("It names an audience itself, so others would see it than the rest there.")
        return _("Whoever sees the rest of that folder would see it.")
    members = people(each.audiences)
    if len(members) == 1:
        return _("Seen by {people}.").format(people=members[0])
    return _("Seen by whoever is in all of these: {people}.").format(people=" · ".join(members))


def _differing(each: Incoming, most: int, *, several: bool) -> Iterator[str]:
    """Yield the first of what differs, old beside new, and how much more there is."""
    assert each.comparison is not None
    found = stretches(each.comparison)
    if several and found and most:
        yield bold(each.file.name, _NAME)
    for number, stretch in enumerate(islice(found, most), start=1):
        yield from difference_blocks(stretch, versions(), number)
    if len(found) > most:
        yield f"… {messages.and_more(number=len(found) - most)}"


def size_of(number: int) -> str:
    """Return the size of a file in words, from its bytes."""
    if number < 1_000:
        return ngettext("{n:,} byte", "{n:,} bytes", number).format(n=number)
    if number < 1_000_000:
        return _("{size:,.0f} kB").format(size=number / 1e3)
    return _("{size:,.1f} MB").format(size=number / 1e6)


def _put_in(files: Sequence[Incoming]) -> str:
    number, (first, *_others) = len(files), (each.file for each in files)
    if number == 1 and first.replaces is not None:
        folder = first.name.rpartition("/")[0]
        if not folder:
            return _("**There is a file of that name. Replace it?**")
        said = _("**There is a file of that name in {folder}. Replace it?**")
        return said.format(folder=escape_line(folder, _NAME))
    return ngettext(
        "**Put this file into the documents?**",
        "**Put these {n:,} files into the documents?**",
        number,
    ).format(n=number)
