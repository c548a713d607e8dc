"""Kinds of files that are not read, and what to do with each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_AS_PDF = "export them as PDF"
_TRANSCRIBE = "put their transcripts there as .vtt or .txt"
_OCR = "put them in a PDF and run OCR on it, or install the extra ocr and set BRIEFING_OCR"
_LINKS = "download the documents that they lead to"
_UNPACK = "unpack them"
_AS_PICTURE = "export them as PDF or PNG"
_ADVICE = {
    **dict.fromkeys((".pages", ".key", ".one", ".vsdx", ".vsd", ".mpp", ".pub", ".indd"), _AS_PDF),
    **dict.fromkeys((".djvu", ".xps", ".oxps", ".odg", ".drawio", ".dwg", ".ai", ".ps"), _AS_PDF),
    **dict.fromkeys((".mobi", ".azw", ".azw3"), "convert them to EPUB or PDF"),
    **dict.fromkeys((".wpd", ".wps", ".lwp", ".sxw", ".wri"), "save them as .docx or PDF"),
    **dict.fromkeys((".numbers", ".xlsb", ".sxc", ".wk1"), "export them as .xlsx"),
    **dict.fromkeys((".sxi", ".ppz"), "save them as .pptx or PDF"),
    **dict.fromkeys((".gdoc", ".gsheet", ".gslides", ".url", ".webloc", ".lnk"), _LINKS),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"), _OCR),
    **dict.fromkeys((".heic", ".heif", ".gif", ".svg", ".psd", ".raw"), _AS_PICTURE),
    **dict.fromkeys((".mp3", ".m4a", ".wav", ".ogg", ".flac", ".aac"), _TRANSCRIBE),
    **dict.fromkeys((".mp4", ".mov", ".avi", ".mkv", ".webm", ".wmv", ".m4v"), _TRANSCRIBE),
    **dict.fromkeys((".rar", ".7z", ".gz", ".tgz", ".bz2", ".xz", ".tar"), _UNPACK),
    **dict.fromkeys((".pst", ".ost", ".olm"), "export the mails as .eml"),
    **dict.fromkeys((".db", ".mdb", ".accdb", ".sqlite", ".dbf"), "export the tables as .csv"),
    ".tex": _AS_PDF,
    ".ipynb": "export them as .html or .md",
    ".xml": "export them as PDF or .txt",
}  # fmt: skip
_DEFAULT_ADVICE = "save them as PDF, .docx, .xlsx or .txt"
_REASON = re.compile(
    r"(?:(?P<suffix>\.\S+) files are|a file without a suffix is) not read; (?P<do>.+)"
)


@dataclass(frozen=True, slots=True)
class UnreadKind:
    """How many files of a suffix there are ("" is none), and what to do with them."""

    suffix: str
    count: int
    advice: str


def why_unread(suffix: str) -> str:
    """Return why a file with this suffix is no document, and what to do with all such files."""
    kind = f"{suffix} files are" if suffix else "a file without a suffix is"
    advice = _ADVICE.get(suffix.lower(), _DEFAULT_ADVICE)
    return f"{kind} not read; {advice}"


def is_unread_kind(reason: str) -> bool:
    """Return whether a file was not read for its suffix alone."""
    return _REASON.fullmatch(reason) is not None


def unread_kinds(reasons: Iterable[str]) -> list[UnreadKind]:
    """Return the kinds of files that `why_unread` gave these reasons for, the most files first.

    Other reasons are left out.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for reason in reasons:
        if found := _REASON.fullmatch(reason):
            counts[(found["suffix"] or "").lower(), found["do"]] += 1
    return [UnreadKind(suffix, count, advice) for (suffix, advice), count in counts.most_common()]
