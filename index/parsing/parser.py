"""The parser: from one file to a Document, or to the reason why there is none."""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path, PurePosixPath

from index.document import Document
from index.errors import UnreadableDocument
from index.parsing.draft import Draft, Source
from index.parsing.limits import ParsingLimits
from index.parsing.metadata.front_matter_audience import names_another_audience
from index.parsing.metadata.titles import title_of
from index.parsing.options import ParsingOptions
from index.parsing.text.dates import is_of_template
from index.parsing.unread.enclosing import Allowance, read_enclosed
from index.sources.opening import open_below

log = logging.getLogger(__name__)

PARSER_VERSION = 16
"""Part of the index's recipe: raise it when a parser makes another Document of the same bytes."""

# suffix -> (module of index.parsing.formats, what a person calls such a file)
_FORMATS = {
    ".txt": ("plain", "a text file"),
    ".text": ("plain", "a text file"),
    ".rst": ("plain", "a text file"),
    ".adoc": ("plain", "a text file"),
    ".asciidoc": ("plain", "a text file"),
    ".md": ("markdown.parser", "a Markdown file"),
    ".markdown": ("markdown.parser", "a Markdown file"),
    ".html": ("html.parser", "a web page"),
    ".htm": ("html.parser", "a web page"),
    ".xhtml": ("html.parser", "a web page"),
    ".pdf": ("pdf.parser", "a PDF"),
    ".docx": ("docx.parser", "a Word document"),
    ".docm": ("docx.parser", "a Word document"),
    ".dotx": ("docx.parser", "a Word template"),
    ".dotm": ("docx.parser", "a Word template"),
    ".pptx": ("pptx.parser", "a PowerPoint presentation"),
    ".pptm": ("pptx.parser", "a PowerPoint presentation"),
    ".ppsx": ("pptx.parser", "a PowerPoint presentation"),
    ".ppsm": ("pptx.parser", "a PowerPoint presentation"),
    ".potx": ("pptx.parser", "a PowerPoint presentation"),
    ".potm": ("pptx.parser", "a PowerPoint presentation"),
    ".xlsx": ("xlsx.parser", "an Excel workbook"),
    ".xlsm": ("xlsx.parser", "an Excel workbook"),
    ".xltx": ("xlsx.parser", "an Excel workbook"),
    ".xltm": ("xlsx.parser", "an Excel workbook"),
    ".csv": ("delimited", "a table of comma-separated values"),
    ".tsv": ("delimited", "a table of tab-separated values"),
    ".eml": ("mail.eml", "an e-mail"),
    ".mbox": ("mail.mbox", "a mailbox"),
    ".mht": ("mail.web_archive", "a web archive"),
    ".mhtml": ("mail.web_archive", "a web archive"),
    ".json": ("json_text", "a JSON file"),
    ".jsonl": ("json_text", "a file with a JSON value on each line"),
    ".ics": ("calendar_file", "a calendar"),
    ".vtt": ("transcript", "a transcript"),
    ".srt": ("transcript", "a file with subtitles"),
    ".odt": ("opendocument.odt", "an OpenDocument text"),
    ".ott": ("opendocument.odt", "an OpenDocument text"),
    ".odp": ("opendocument.odp", "an OpenDocument presentation"),
    ".otp": ("opendocument.odp", "an OpenDocument presentation"),
    ".rtf": ("rtf.parser", "rich text"),
    ".ppt": ("old_office.ppt", "a PowerPoint presentation"),
    ".pps": ("old_office.ppt", "a PowerPoint presentation"),
    ".pot": ("old_office.ppt", "a PowerPoint presentation"),
    ".doc": ("old_office.doc", "a Word document"),
    ".dot": ("old_office.doc", "a Word document"),
    ".ods": ("opendocument.ods", "an OpenDocument spreadsheet"),
    ".ots": ("opendocument.ods", "an OpenDocument spreadsheet"),
    ".xls": ("old_office.xls", "an Excel workbook"),
    ".xlt": ("old_office.xls", "an Excel workbook"),
    ".epub": ("epub", "an EPUB"),
    ".msg": ("mail.msg", "a mail of Outlook"),
    ".zip": ("archive", "a zip archive"),
}

SUFFIXES: frozenset[str] = frozenset(_FORMATS)
"""The suffixes that can be parsed, in lower case, with their dot."""

_WRITTEN_BY_AUTHORS = frozenset(
    {".txt", ".text", ".rst", ".adoc", ".asciidoc", ".md", ".markdown", ".eml", ".msg"}
)
_NAMES_AUDIENCE = frozenset({".md", ".markdown", ".rst", ".adoc", ".asciidoc"})
_BY_PROGRAMS = re.compile(
    r"\(?(?:anonymous|unspecified)\)?"
    r"|(?:generated (?:by|using) )?(?:python-docx|python-pptx|openpyxl)",
    re.IGNORECASE,
)
_REMARKS_IN_A_REASON = 3
_BEGINNING = 80_000
"""Bytes that the first 20,000 characters, in which front matter is looked for, may have."""

_DEFAULT = ParsingOptions()

OUT_OF_MEMORY = "it takes more memory to read than there is"
_OS_REASONS = {
    errno.ENOENT: "it is no longer there",
    errno.ENOTDIR: "it is no longer there",
    errno.EACCES: "there is no permission to read it",
    errno.EPERM: "there is no permission to read it",
    errno.EISDIR: "it is a folder",
    errno.ELOOP: "it is a link that leads to itself",
    errno.ENXIO: "it is not a regular file",
    errno.EXDEV: "it is a link that leads out of the corpus",
}


def parse_file(
    path: Path, name: str, *, limits: ParsingLimits, options: ParsingOptions = _DEFAULT
) -> Document:
    """Return the document in the file at `path`, under the name that the corpus gives it.

    Raises UnreadableDocument, and nothing else.
    """
    data = read_file(path, name, limits)
    return parse_bytes(data, name, path.suffix.lower(), limits=limits, options=options)


def parse_files(
    files: Iterable[tuple[Path, str]],
    *,
    limits: ParsingLimits,
    options: ParsingOptions = _DEFAULT,
    pages_read: Callable[[int], None] = lambda _: None,
    parse: Callable[..., Document] = parse_file,
) -> Iterator[Document | UnreadableDocument]:
    """Yield, for each path and name in order, the document or the error that says why not.

    `pages_read` is called with the number of pages of each.
    """
    for path, name in files:
        try:
            document = parse(path, name, limits=limits, options=options)
        except UnreadableDocument as exc:
            yield exc
            continue
        pages_read(len(document.pages))
        yield document


def may_name_another_audience(path: Path, last_good: Document) -> bool:
    """Return whether a file that was not parsed may name another audience than its last version.

    It may not where its format has no front matter, and is taken not to where it cannot be opened.
    """
    if not can_name_audience(path.name):
        return False
    try:
        with os.fdopen(
            open_below(_root(path, last_good.file or last_good.name), path), "rb"
        ) as file:
            is_file = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
            beginning = file.read(_BEGINNING) if is_file else b""
    except OSError:
        return False
    return names_another_audience(beginning, last_good.text)


def can_name_audience(name: str) -> bool:
    """Return whether a document of this name may say for whom it is."""
    return PurePosixPath(name).suffix.lower() in _NAMES_AUDIENCE


def read_file(path: Path, name: str, limits: ParsingLimits) -> bytes:
    """Return the bytes of a file that may be a document; raises UnreadableDocument.

    `name` is the end of `path` below the corpus, out of which no link may lead.
    """
    suffix = path.suffix.lower()
    if suffix not in _FORMATS:
        raise UnreadableDocument(f"files ending in {suffix or 'no suffix'} are not read")
    return _read_bytes(path, _root(path, name), limits.max_bytes)


def parse_bytes(
    data: bytes,
    name: str,
    suffix: str,
    *,
    limits: ParsingLimits,
    options: ParsingOptions = _DEFAULT,
    page_read: Callable[[bool], None] = lambda _: None,
) -> Document:
    """Return the document in a file's bytes, with those inside of it; `suffix` is one of SUFFIXES.

    Raises UnreadableDocument, and nothing else.
    """
    stem = PurePosixPath(name).stem  # not the path's, which may hold bytes that are not text
    source = Source(data, suffix, stem, limits, options, page_read)
    document = _parse(source, name, Allowance(limits), depth=0)
    enclosed = tuple(replace(each, file=name, enclosed=()) for each in document.enclosed)
    return replace(document, enclosed=enclosed)


def parse_draft(source: Source) -> Draft:
    """Return what the module of a file's format makes of it; it may raise anything."""
    module, _ = _FORMATS[source.suffix]
    parse: Callable[[Source], Draft] = import_module(f"index.parsing.formats.{module}").parse
    return parse(source)


def _parse(source: Source, name: str, allowance: Allowance, depth: int) -> Document:
    limits = source.limits
    if depth > limits.max_depth:
        raise UnreadableDocument("it lies too deep in other files")
    kind = _FORMATS[source.suffix][1]

    def parse_inner(data: bytes, inner: str, suffix: str) -> Document:
        within = replace(source, data=data, suffix=suffix, stem=PurePosixPath(inner).stem)
        document = _parse(within, f"{name}/{inner}", allowance, depth + 1)
        source.page_read(False)  # so that a file with many documents gets more time
        return document

    try:
        draft = parse_draft(source)
        allowance.take_text(len(draft.text))
        enclosed, remarks = read_enclosed(draft.enclosed, allowance, SUFFIXES, parse_inner)
        if not draft.blocks and not enclosed:
            said = (*draft.remarks, *remarks)
            found = " ".join(said[:_REMARKS_IN_A_REASON]).rstrip(".")
            raise UnreadableDocument(
                f"nothing in it was read: {found}" if found else "it holds nothing but white space"
            )
    except UnreadableDocument:
        raise
    except MemoryError as exc:
        raise UnreadableDocument(OUT_OF_MEMORY) from exc
    except RecursionError as exc:
        raise UnreadableDocument("its contents are nested too deeply") from exc
    except Exception as exc:  # the libraries raise anything on a damaged file
        log.debug("%s could not be read", name, exc_info=exc)
        raise UnreadableDocument(f"it is damaged, or not {kind}") from exc
    metadata = dict(draft.metadata)
    if source.suffix not in _WRITTEN_BY_AUTHORS:
        metadata = {key: value for key, value in metadata.items() if not _is_default(key, value)}
    return Document(
        name=name,
        title=_storable(title_of(draft, source.stem)) or source.stem,
        text=draft.text,
        blocks=draft.blocks,
        pages=draft.pages,
        metadata={_storable(key): _storable(value) for key, value in metadata.items()},
        sha256=hashlib.sha256(source.data).hexdigest(),
        remarks=(*draft.remarks, *remarks),
        doubtful=draft.doubtful,
        styles=draft.styles,
        has_hidden=draft.has_hidden,
        enclosed=tuple(enclosed),
    )


def _is_default(key: str, value: str) -> bool:
    """Return whether a property is what a program or a template fills in."""
    return is_of_template(value) if key == "date" else _BY_PROGRAMS.fullmatch(value) is not None


def _storable(words: str) -> str:
    """Drop halves of surrogate pairs, which YAML can hold and no file or database can."""
    return words.encode("utf-8", "ignore").decode("utf-8").strip()


def _root(path: Path, name: str) -> Path:
    """Return the folder in which a path ends with a name."""
    return path.parents[min(name.count("/"), len(path.parents) - 1)]


def _read_bytes(path: Path, root: Path, limit: int) -> bytes:
    """Return all bytes of a regular file, from one open handle."""
    try:
        handle = open_below(root, path)
        with os.fdopen(handle, "rb") as file:
            before = os.fstat(handle)
            if not stat.S_ISREG(before.st_mode):
                raise UnreadableDocument("it is not a regular file")
            if before.st_size > limit:
                raise _too_large(limit)
            data = file.read(limit + 1)
            after = os.fstat(handle)
    except OSError as exc:
        reason = _OS_REASONS.get(exc.errno or 0, f"it cannot be opened ({exc.strerror})")
        raise UnreadableDocument(reason, unopened=True) from exc
    except ValueError as exc:
        raise UnreadableDocument("its name cannot be opened") from exc
    if len(data) > limit:
        raise _too_large(limit)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise UnreadableDocument("it was being written while it was read; reindex again")
    if not data:
        raise UnreadableDocument("it is empty")
    return data


def _too_large(limit: int) -> UnreadableDocument:
    return UnreadableDocument(f"it is larger than {limit / 1e6:g} MB (BRIEFING_MAX_FILE_MB)")
