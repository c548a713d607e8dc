"""Library: looks up documents, places in them, views of their text, and original files.

Synchronous and safe to use from several threads; nothing here knows Discord or loads a model.
"""

from bot.library.cards import Card, ContentsEntry
from bot.library.changes import ChangedDocument, Changes
from bot.library.errors import (
    ChangesNotKept,
    NotDrawn,
    OriginalChanged,
    OriginalNotOffered,
    OriginalUnavailable,
    PassageMoved,
    UnknownFolder,
    UnknownHeading,
    UnknownKey,
)
from bot.library.library import FileDocuments, Libraries, Library
from bot.library.locating import ExcerptStatus, Located
from bot.library.originals import Original
from bot.library.viewing.pictures import DocumentPicture
from bot.library.viewing.views import View
from bot.library.visible_documents import DocumentMatch, find_in, folders_of, key_of

__all__ = [
    "Card",
    "ChangedDocument",
    "Changes",
    "ChangesNotKept",
    "ContentsEntry",
    "DocumentMatch",
    "DocumentPicture",
    "ExcerptStatus",
    "FileDocuments",
    "Libraries",
    "Library",
    "Located",
    "NotDrawn",
    "Original",
    "OriginalChanged",
    "OriginalNotOffered",
    "OriginalUnavailable",
    "PassageMoved",
    "UnknownFolder",
    "UnknownHeading",
    "UnknownKey",
    "View",
    "find_in",
    "folders_of",
    "key_of",
]
