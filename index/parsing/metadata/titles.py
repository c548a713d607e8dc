"""The title that a document is shown under."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import PurePosixPath
from urllib.parse import unquote

from index.document import BlockKind, TextOrigin
from index.parsing.draft import Draft
from index.parsing.text.dates import dates_in
from index.parsing.text.heading_words import heading_words
from index.text import WORD, is_figure

_LONGEST_TITLE = 200
_SHORT_LINE = 100
_FIRST_BLOCKS = 5
_FIRST_LINES = 8
_MOST_NAME_WORDS = 12
_TELLING = re.compile(r"[^\W\d_]{3,24}|[A-ZÀ-Þ]{2}|(?:19|20)\d\d|[QHqh][1-4]")
_NOT_TELLING = frozenset(
    "the and for from with doc docs document documents file files final draft copy kopie kopi new"
    " old neu alt ver version scan img image untitled upload uploads download downloads temp tmp"
    " data eml msg zip".split()
)
_FEWEST_FIGURES = 5
"""Of the number of a case."""
_LONGEST_SENTENCE = 14
"""Words of a first line that is taken for a title although it is a sentence."""
_DEFAULT = re.compile(
    r"(?:untitled|unnamed|no ?name|no title|none|null|unbenannt|ohne titel|kein titel|uten navn"
    r"|uten tittel|ingen tittel|anonymous|unspecified|unknown(?: title| author)?|title|titel|tittel"
    r"|subject"
    r"|document title|title of (?:the )?(?:document|presentation)|print|layout|cover(?: page)?"
    r"|front page|deckblatt|forside|blank|normal|powerpoint|word|excel"
    r"|(?:power ?point|word|excel)?[ -]?(?:new |neue[rs]? |nytt )?(?:presentation|pr[äa]sentation"
    r"|presentasjon|document|dokument|documento|workbook|book|arbeitsmappe|mappe|arbeidsbok|bok"
    r"|spreadsheet|sheet|tabelle|ark|slide|folie|lysbilde|page|seite|side|file|datei|fil|scan|img"
    r"|image))(?: document| dokument| presentation| spreadsheet| page)?[\W_]*\d*",
    re.IGNORECASE,
)
"""Titles that programs give to what has none."""
_PROGRAM = re.compile(
    r"\W*(?:microsoft (?:word|office|powerpoint|excel|publisher|visio)|\(?anonymous"
    r"|click (?:here )?to (?:add|edit)|klicken sie|klikk for|\[[^\]]*\]$|[a-z]:\\|[\\/]"
    r"|<%|\{\{|\$\{"
    r"|(?:https?|file):|www\.)",
    re.IGNORECASE,
)
"""How what programs fill in begins: their name, a prompt, a placeholder, a path, an address."""
_TEMPLATE = re.compile(
    r"\b(?:template|letterhead|briefkopf|\w*vorlage|dokumentmal|brevmal)\b", re.IGNORECASE
)
_FILE_NAME = re.compile(
    r".*\.(?:docx?|docm|dotx?|dotm|rtf|odt|pptx?|potx?|ppsx?|odp|xlsx?|xlsm|xltx?|ods|csv|pdf|indd"
    r"|qxd|qxp|pmd|p65|fm|tex|dvi|ps|eps|ai|cdr|vsdx?|pub|md|txt|html?|xml|jpe?g|png|tiff?)",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"(?:[^\d\s]*\d){5}\S*|[a-z]*\d+[a-z]+\d+\S*|[0-9a-f]{8}-[0-9a-f-]{20,}|\S*_\S*", re.IGNORECASE
)
"""One word that is the number or the file name of a document: "0001018724-18-000005"."""
_NUMBERED = re.compile(
    r"\d{1,2}(?:\.\d{1,2})+\.?\s|\d{1,2}\.\s|[1-9]\s+[A-ZÀ-Þ]|[IVX]{1,5}\.\s"
    r"|(?i:chapter|kapitel|kapittel|section|part|teil|del|annex|appendix|anhang|vedlegg)"
    r"\s+[\dIVX]+\W*$"
)
"""How the heading of a section begins, which is not what its document is called."""
_FURNITURE = re.compile(
    r"(?:(?:first |final |revised |working )?(?:draft|entwurf|utkast|copy|kopi|kopie|original)"
    r"(?: (?:only|version|\d+|no\.? ?\d+))*"
    r"|.*\b(?:copy|kopi|exemplar) (?:no|nr|number)\.? ?\d+"
    r"|(?:strictly |company |commercial in )?(?:restricted|confidential|secret|internal|public"
    r"|unclassified|vertraulich|streng vertraulich|intern|öffentlich|fortrolig|strengt fortrolig"
    r"|begrenset|unntatt offentlighet)(?: (?:use only|only|document|information|use))?"
    r"|(?:for (?:official|internal) use only|not for (?:distribution|publication)"
    r"|nur für den (?:internen |dienst)\w*)|tlp ?: ?\w+(?:\+strict)?"
    r"|(?:table of )?contents?|inhalt(?:sverzeichnis|sübersicht)?|innhold(?:sfortegnelse)?|agenda"
    r"|table des matières|index|(?:list of )?(?:figures|tables|abbreviations)"
    r"|(?:page|p\.|seite|side|slide|sheet|folie)?[\s–—|-]*\d{1,4}(?:\s*(?:of|/|von|av)\s*\d{1,4})?"
    r"|©.*|copyright\b.*|all rights reserved.*|this page (?:is |was )?intentionally.*|logo"
    r"|skip to .*|(?:re|fw|fwd|aw|wg|sv|vs):?)[\W_]*",
    re.IGNORECASE,
)
"""Lines of a first page that are not what the document is called."""
_SALUTATION = re.compile(
    r"(?:(?:dear|to whom it may|ladies and gentlemen|sehr geehrte\w*|kjære)\b.{0,60}$"
    r"|(?:hi|hello|hey|good (?:morning|afternoon|evening)|liebe[rs]?|guten (?:tag|morgen)|hallo"
    r"|hei)"
    r"\b(?:.{0,60}[,:]\s*$| (?:all|everyone|everybody|team|there|alle|zusammen|sammen)\b))",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"(?:subject|re|betreff|betr\.|emne|title|titel|tittel)\s?:\s+(?P<words>\S.*)", re.IGNORECASE
)
_FIELD = re.compile(
    r"(?:from|to|cc|bcc|date|sent|dated|dato|datum|fra|til|von|an|author|authors|owner|version"
    r"|rev\w*|status|classification|klassifi\w+|gradering|distribution|prepared (?:by|for)"
    r"|approved by|document (?:no|number|id)|ref\w*|doc(?:ument)? ref\w*|page|valid \w+|phone|tel"
    r"|e-?mail|source)\.?\s*:.*"
    r"|(?:version|edition|revision|rev\.?|ausgabe|utgave|versjon) [\d.]+\b.*",
    re.IGNORECASE,
)
"""Lines that say something of a document other than its name."""
_BESIDE_DATE = re.compile(
    r"\W*(?:(?:\w+(?:day|tag|dag)|den|the|am|of|as|at|date|dated|dato|datum|[^\W\d]+(?=,))\b\W*){0,3}",
    re.IGNORECASE,
)
_STAMP = re.compile(
    r"\b\d{1,2}([./-])\d{1,2}\1(?:\d\d){1,2}\b"
    r"|T?(?<!\d)\d{1,2}:\d\d(?::\d\d)?(?: ?(?:[ap]\.?m|uhr|utc|gmt|z)\b\.?)?",
    re.IGNORECASE,
)
"""A day whose month is not known ("11/6/2031"), and a time."""
_IN_STEM = re.compile(
    r"(?P<kept>(?<!\d)(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?:-[0-3]\d)?(?![\d-])|(?<=\d)\.(?=\d))"
    r"|[-_.+\s]+"
)


def title_of(draft: Draft, stem: str) -> str:
    """Return the title: as the file gives it, or its first heading, first line or file name.

    What programs fill in is no title, nor is what else stands at the top of a first page: a date, a
    classification, a salutation.
    """
    for candidate in _candidates(draft, stem):
        title = " ".join(candidate.split())
        if title:
            return title[:_LONGEST_TITLE].rstrip()
    return stem


def _candidates(draft: Draft, stem: str) -> Iterator[str]:
    if _is_given(draft, stem):
        yield draft.title
    if draft.is_data:
        yield _readable(stem)
    yield from (
        words for words in _headings(draft) if _is_title(words) and not _DEFAULT.fullmatch(words)
    )
    yield from _first_lines(draft)
    yield _readable(stem)


def _is_given(draft: Draft, stem: str) -> bool:
    """Return whether the title that the file gives is one."""
    title = " ".join(draft.title[: 2 * _LONGEST_TITLE].split())
    if not _is_title(title) or _DEFAULT.fullmatch(title) or _PROGRAM.match(title):
        return False
    if " " not in title and (_CODE.fullmatch(title) or title.lower() == stem.lower()):
        return False
    is_template = _TEMPLATE.search(title) and title.lower() not in draft.text[:3_000].lower()
    return not is_template and not _FILE_NAME.fullmatch(title)


def _headings(draft: Draft) -> list[str]:
    """Return the headings that may be the title, the outermost first; in pages, of the first.

    What stands below the number of a section belongs to that section.
    """
    end = next((page.end for page in draft.pages if len(page)), len(draft.text))
    found: list[tuple[int, str]] = []
    for block in draft.blocks:
        if block.kind is BlockKind.HEADING and block.origin is TextOrigin.BODY:
            words = heading_words(block.span.of(draft.text))
            if block.span.start >= end or _NUMBERED.match(words):
                break
            found.append((block.level, words))
    return [words for _, words in sorted(found, key=lambda heading: heading[0])]


def _first_lines(draft: Draft) -> Iterator[str]:
    """Yield the first line that may be a title, unless a longer text stands before it."""
    blocks = (
        block
        for block in draft.blocks
        if block.kind is not BlockKind.FRONT_MATTER and block.origin is TextOrigin.BODY
    )
    read = 0
    for block in islice(blocks, _FIRST_BLOCKS):
        if block.kind is not BlockKind.PARAGRAPH:
            return
        for whole in block.span.of(draft.text).splitlines():
            line = whole[: 5 * _SHORT_LINE].strip()
            read += 1
            if subject := _SUBJECT.match(line):
                line = subject["words"]
            elif _FURNITURE.fullmatch(line) or _FIELD.match(line) or _is_date(line):
                continue
            if read <= _FIRST_LINES and len(line) <= _SHORT_LINE and _is_line(line):
                yield line
            return


def _is_line(line: str) -> bool:
    """Return whether a line of text may be a title: not the beginning of a sentence."""
    words = line.split()
    if not _is_title(line) or (words[0].islower() and len(words) > _LONGEST_SENTENCE // 2):
        return False
    is_cut = line.endswith((",", ";", ":")) or line.startswith(("<", "{", "["))
    return not is_cut and not (len(words) > _LONGEST_SENTENCE and line.endswith("."))


def _is_title(words: str) -> bool:
    """Return whether words can be a title at all."""
    letters = sum(2 if ord(sign) > 0x2E7F else 1 for sign in words if sign.isalpha())
    return (
        letters > 1
        and not _FURNITURE.fullmatch(words)
        and not _FIELD.fullmatch(words)
        and not _SALUTATION.match(words)
        and not is_figure(words)
        and not _is_date(words)
    )


def _is_date(words: str) -> bool:
    """Return whether words are a date and what stands beside one, as in a stamp.

    That is its place, its time and the number of a case: "Oslo, 12 May 2031, 11:18 31CV48431".
    """
    if not any(map(str.isdigit, words)) or len(words) > _SHORT_LINE:
        return False
    rest = words
    for date in reversed(dates_in(words)):
        rest = rest[: date.start] + rest[date.end :]
    rest = _STAMP.sub("", rest).strip()
    is_number = " " not in rest and sum(map(str.isdigit, rest)) >= _FEWEST_FIGURES
    return rest != words.strip() and (is_number or bool(_BESIDE_DATE.fullmatch(rest)))


def _readable(stem: str) -> str:
    """Return a file's name as words: "offers_2031-final.v2" is "offers 2031 final v2"."""
    words = " ".join(_IN_STEM.sub(lambda found: found["kept"] or " ", unquote(stem)).split())
    return words if any(map(str.isalnum, words)) else stem


def words_of_name(name: str, title: str) -> str:
    """Return the words of a file's name and folders that its title lacks, from the outermost on.

    Only what tells something: words, years and quarters, and not the numbers of files.
    """
    known = {word.casefold() for word in WORD.findall(title)}
    path = PurePosixPath(name)
    found: dict[str, None] = {}
    for part in (*path.parent.parts, path.stem):
        for word in WORD.findall(unquote(part)):
            low = word.casefold()
            if _TELLING.fullmatch(word) and low not in known and low not in _NOT_TELLING:
                found.setdefault(word)
    return " ".join(list(found)[:_MOST_NAME_WORDS])
