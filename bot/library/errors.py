"""Errors of looking something up, beside UnknownDocument and UnknownPage.

BriefingError (index.errors)
├── UnknownKey           no document has that key: it was removed, or a button was made up
├── ChangesNotKept       the settings keep no history of the documents
├── UnknownFolder        no document is in a folder of that name
├── UnknownHeading       a document has no heading like that
├── OriginalUnavailable  the file of a document cannot be handed out
├── OriginalNotOffered   the file of a document is not handed out, as the settings say
├── OriginalChanged      the file is no longer the one that was indexed
├── PassageMoved         the document no longer says at a place what it said there
└── NotDrawn             there is no picture of that
"""

from __future__ import annotations

from bot.localization import _, either, ngettext
from index.errors import BriefingError


class UnknownKey(BriefingError):
    def __init__(self, key: str) -> None:
        super().__init__(_("That document is no longer indexed."))
        self.key = key


class ChangesNotKept(BriefingError):
    def __init__(self) -> None:
        super().__init__(_("What changes in the documents is not kept here."))


class UnknownFolder(BriefingError):
    """`similar` are folders with what was typed in their path."""

    def __init__(self, typed: str, similar: tuple[str, ...] = ()) -> None:
        sentences = [_("No document is in a folder called {name!r}.").format(name=typed)]
        if similar:
            names = either(list(map(repr, similar)))
            sentences.append(_("Did you mean {names}?").format(names=names))
        super().__init__(" ".join(sentences))
        self.typed = typed
        self.similar = similar


class UnknownHeading(BriefingError):
    """`similar` are the nearest headings, best first; where none is near, `first` are the first
    headings. `pages` is None for a format without pages."""

    def __init__(
        self,
        name: str,
        place: str,
        similar: tuple[str, ...] = (),
        pages: int | None = None,
        first: tuple[str, ...] = (),
    ) -> None:
        sentences = [_("{name!r} has no heading {place!r}.").format(name=name, place=place)]
        if similar:
            names = either(list(map(repr, similar)))
            sentences.append(_("Did you mean {names}?").format(names=names))
        elif first:
            names = ", ".join(map(repr, first))
            sentences.append(_("Its headings begin with {names}.").format(names=names))
        elif not pages:
            sentences.append(_("It has no headings and no pages."))
        if pages:
            numbered = ngettext("It has one page.", "Its pages are numbered 1 to {n}.", pages)
            sentences.append(numbered.format(n=pages))
        super().__init__(" ".join(sentences))
        self.name = name
        self.place = place
        self.similar = similar
        self.pages = pages


class OriginalUnavailable(BriefingError):
    """`reason` completes the sentence "The file of <name> cannot be handed out: <reason>"."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            _("The file of {name!r} cannot be handed out: {reason}.").format(
                name=name, reason=reason
            )
        )
        self.name = name
        self.reason = reason


class OriginalNotOffered(BriefingError):
    """`has_hidden` says that the file has hidden content that was not read."""

    def __init__(self, name: str, *, has_hidden: bool) -> None:
        said = (
            _("The file of {name!r} has hidden content, so it is not handed out.")
            if has_hidden
            else _("Original files are not handed out.")
        )
        super().__init__(said.format(name=name))
        self.name = name


class OriginalChanged(BriefingError):
    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "The file of {name!r} has changed since it was indexed, so it is not what the "
                "answers quote. It can be had after the next reindex."
            ).format(name=name)
        )
        self.name = name


class PassageMoved(BriefingError):
    def __init__(self) -> None:
        super().__init__(
            _("The document has changed since, and that passage no longer stands there.")
        )


class NotDrawn(BriefingError):
    """`reason` completes the sentence "It cannot be drawn: <reason>"; without, it is no table."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            _("That cannot be drawn: {reason}.").format(reason=reason)
            if reason
            else _("That is not part of a table.")
        )
        self.reason = reason
