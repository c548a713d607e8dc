"""Translates what the engine says of files and questions into the reader's language.

The engine keeps its reasons and remarks as English sentences, also in the index. Here each of them
stands once more, with a name in place of what it fills in, so that gettext finds it. What is not
known here is shown as it is.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import islice
from string import Formatter

from bot.localization import N_, SOURCE, in_figures, language, ngettext
from bot.localization import _ as translated  # of texts that are gathered above
from bot.wording.remarks import composed_remark, counted_things, list_of

_LONGEST = 1_000
_NUMBER = re.compile(r"[0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,15}(?:\.[0-9]{1,15})?")
"""One of ours; names in a remark are the words of whoever made the file, and may be any digits."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])")
_COLON = re.compile(": ")
_DEEPEST = 8
"""Names of files in each other before a remark on the innermost."""
_FIGURES = frozenset({"n", "size", "line", "seconds"})
"""Fields that hold a number; those that are looked up as well, counted or listed follow, and others
hold what is shown as it is."""
_LOOKED_UP = frozenset({"reason", "kind", "images"})
_LISTED = frozenset({"pages", "files"})
_OTHERS = re.compile(
    r"(?P<names>.+) and (?P<n>[0-9][0-9,]{0,15}) (?P<what>others?|more)", re.DOTALL
)

_REASONS = (
    N_("a sheet has more than {n} rows"),
    N_("a sheet has more than {n} rows alike"),
    N_("a sheet spreads over more than {n} cells"),
    N_("a table has more than {n} cells alike"),
    N_("a table unfolds to more than {n} cells"),
    N_("all of its text is hidden (BRIEFING_READ_HIDDEN=hidden)"),
    N_(
        "all that it holds is hidden, or notes and comments, and was not read "
        "(BRIEFING_READ_HIDDEN)"
    ),
    N_("files ending in {suffix} are not read"),
    N_("it cannot be opened ({problem})"),
    N_("it has more than {n} pages"),
    N_("it has more than {n} sheets"),
    N_("it has more than {n} slides"),
    N_("it has no pages"),
    N_("it has no such page"),
    N_("it has no text: its page is blank or drawn"),
    N_("it has no text: its {n} pages are blank or drawn"),
    N_("it has no text layer: {images}; no text was recognised in it"),
    N_("it has no text layer: {images}; no text was recognised in them"),
    N_("it has no text layer: {images}; run OCR, or install the extra ocr and set BRIEFING_OCR"),
    N_("its page is an image"),
    N_("its {n} pages are images"),
    N_("{n} of its {size} pages are images, the others blank"),
    N_("{n} of its {size} pages are images, the other blank"),
    N_("{n} of its {size} pages is an image, the others blank"),
    N_("{n} of its {size} pages is an image, the other blank"),
    N_("it holds more than {n} characters"),
    N_("it holds no page"),
    N_("it holds nothing but white space"),
    N_("it holds pictures and no text"),
    N_("it is a file of old Office (before 2007), not {kind}"),
    N_("it is a folder"),
    N_("it is a link"),
    N_("it is a link that leads out of the corpus"),
    N_("it is a link that leads to itself"),
    N_("it is a link to a folder; what lies there is read in its own place"),
    N_("it is not an ordinary file"),
    N_("its folder cannot be opened ({problem})"),
    N_("it is a zip file, but not {kind}"),
    N_("it is cut off: the end of the PDF is missing"),
    N_("it is damaged"),
    N_("it is damaged or cut off: a part of its text is missing"),
    N_("it is damaged or cut off: its zip file is broken"),
    N_("it is damaged, cut off, or not a zip archive"),
    N_("it is damaged, or not {kind}"),
    N_("it is damaged: it does not say where its text is"),
    N_("it is damaged: its list of sheets cannot be read"),
    N_("it is damaged: none of its sheets can be read"),
    N_("it is empty"),
    N_("it is larger than {size} MB"),
    N_("it is larger than {size} MB (BRIEFING_MAX_FILE_MB)"),
    N_("it is locked for one reader (DRM)"),
    N_("it is no longer in the file that it was read from"),
    N_("it is no longer there"),
    N_("it is not a PDF"),
    N_("it is not a PDF, but a web page"),
    N_("it is not a calendar: it has no events"),
    N_("it is not a mail of Outlook"),
    N_("it is not a mailbox"),
    N_("it is not a regular file"),
    N_("it is not an e-mail: it has no headers"),
    N_("it is empty, or not in the file"),
    N_("it is not rich text"),
    N_("it is not text, or in an encoding that could not be determined"),
    N_("it is not text: it holds NUL bytes"),
    N_("it is not text: it is full of control characters"),
    N_("it is not {kind}: it is not even a zip file"),
    N_("it is packed by a method that is not known"),
    N_("it is packed from more than {n} files"),
    N_("it is protected by a password"),
    N_("it is XML of Office 2003; save it as a newer file, not {kind}"),
    N_("it lies too deep in other files"),
    N_("it reaches for other files or the network when it is drawn"),
    N_("it reaches for other files or the network when it is read"),
    N_("it takes more memory to draw than there is"),
    N_("it takes more memory to read than there is"),
    N_("it unpacks to more than {size} MB"),
    N_("it was being written while it was read; reindex again"),
    N_("it was made by Word 95 or older; save it as .docx"),
    N_(
        "its cells are formulas without saved results; open it in a spreadsheet program and save "
        "it there"
    ),
    N_("its contents are nested too deeply"),
    N_("its elements are nested too deeply"),
    N_("its message has no text"),
    N_("its name cannot be opened"),
    N_("its sheets are empty"),
    N_("its sheets hold nothing but {counted}"),
    N_("its slides hold nothing but {counted}"),
    N_("line {line} is not a line of a table ({problem})"),
    N_("no more than {n} documents of a file are read"),
    N_("nothing in it was read: {reason}"),
    N_("drawing it takes more memory than there is, or crashes a library"),
    N_("drawing it takes more than {seconds} seconds"),
    N_("reading it takes more memory than there is, or crashes a library"),
    N_("reading it takes more than {seconds} seconds"),
    N_("there is no permission to read it"),
    N_("this page is damaged and cannot be drawn"),
    N_("together with what is before it, it holds more than {size} MB"),
    N_("files without a suffix are not read"),
    N_("{suffix} files are not read"),
    N_("{suffix} files are not read; {reason}"),
    N_("a file without a suffix is not read; {reason}"),
)
_ADVICE = (
    N_("export them as PDF"),
    N_("put their transcripts there as .vtt or .txt"),
    N_("put them in a PDF and run OCR on it, or install the extra ocr and set BRIEFING_OCR"),
    N_("download the documents that they lead to"),
    N_("unpack them"),
    N_("export them as PDF or PNG"),
    N_("convert them to EPUB or PDF"),
    N_("save them as .docx or PDF"),
    N_("export them as .xlsx"),
    N_("save them as .pptx or PDF"),
    N_("export the mails as .eml"),
    N_("export the tables as .csv"),
    N_("export them as .html or .md"),
    N_("export them as PDF or .txt"),
    N_("save them as PDF, .docx, .xlsx or .txt"),
)
_KINDS = (
    N_("a JSON file"),
    N_("a Markdown file"),
    N_("a PDF"),
    N_("a PowerPoint presentation"),
    N_("a Word document"),
    N_("a Word template"),
    N_("a calendar"),
    N_("a file with a JSON value on each line"),
    N_("a file with subtitles"),
    N_("a mail of Outlook"),
    N_("a mailbox"),
    N_("a table of comma-separated values"),
    N_("a table of tab-separated values"),
    N_("a text file"),
    N_("a transcript"),
    N_("a web archive"),
    N_("a web page"),
    N_("a zip archive"),
    N_("an EPUB"),
    N_("an Excel workbook"),
    N_("an OpenDocument presentation"),
    N_("an OpenDocument spreadsheet"),
    N_("an OpenDocument text"),
    N_("an e-mail"),
    N_("rich text"),
)
_REMARKS = (
    N_("A part of its message was not read: {reason}."),
    N_("A quotation mark is not closed; all of them were read as they stand."),
    N_("Attachments of an event were not read ({names})."),
    N_("Embedded data, such as a picture, was not read."),
    N_("It has the same content as {names}."),
    N_("It holds more than {n} characters; what follows after page {size} was not read."),
    N_("It holds more than {n} characters; what follows after sheet {size} was not read."),
    N_("It holds more than {n} characters; what follows after slide {size} was not read."),
    N_("It holds more than {n} characters; what follows was not read."),
    N_("It is not UTF-8; it was read as {names}, which is a guess."),
    N_("It is not valid JSON (line {line}) and was read as it stands."),
    N_("Its message has no text."),
    N_("Parts of the file are damaged and were not read wholly: {names}."),
    N_("Its front matter is not valid {names} and was not understood."),
    N_(
        "Its front matter names its audience more than once; where there is a policy, nobody may "
        "see it until that is corrected."
    ),
    N_(
        "Its front matter says {names}, which may mean 'audience'; where there is a policy, nobody "
        "may see it until that is corrected."
    ),
    N_(
        "Its front matter says {names}, which decides nothing: who may see it is said by "
        "'audience' and by its folder."
    ),
    N_(
        "It seems to say for whom it is, which only a Markdown file can; where there is a policy, "
        "nobody may see it until that is corrected."
    ),
    N_("Its message is encrypted and was not read."),
    N_("No language of this code can be read: {names}."),
    N_("Only the first {n} of its {size} pages were read ({option})."),
    N_("Only the first {n} of its {size} sheets were read ({option})."),
    N_("Only the first {n} of its {size} slides were read ({option})."),
    N_("Page {pages} has no text."),
    N_("Page {pages} is an image in which no text was recognised."),
    N_(
        "Page {pages} is an image without text; run OCR, or install the extra ocr and set "
        "BRIEFING_OCR."
    ),
    N_("Page {pages} is damaged and could not be read."),
    N_("Pages {pages} are damaged and could not be read."),
    N_("Pages {pages} are images in which no text was recognised."),
    N_(
        "Pages {pages} are images without text; run OCR, or install the extra ocr and set "
        "BRIEFING_OCR."
    ),
    N_("Pages {pages} have no text."),
    N_("Tesseract has no data for {names} ({file})."),
    N_("Tesseract is not installed, which reads {names}: {command}."),
    N_("The extra for OCR is not installed: {command}."),
    N_("{n} place was not valid {names} and read as \ufffd."),
    N_("{n} places were not valid {names} and read as \ufffd."),
    N_("{n} NUL byte was left out."),
    N_("{n} NUL bytes were left out."),
    N_("{n} embedded file was not read, such as a picture."),
    N_("{n} embedded files were not read, such as a picture."),
    N_("{n} formula has no saved result and could not be read."),
    N_("{n} formulas have no saved result and could not be read."),
    N_("The attached file {names} was not read: {reason}."),
    N_("The attachment {names} was not read: {reason}."),
    N_("The embedded file {names} was not read: {reason}."),
    N_("The end of the file is missing; what could be found of it was read."),
    N_("The file {names} was not read: {reason}."),
    N_("The mail {names} was not read: {reason}."),
    N_("{n} mails were not read: {reason} ({files})."),
    N_("The merged cells of a very large table were not spread."),
    N_("{n} attached files were not read: {reason} ({files})."),
    N_("{n} attachments were not read: {reason} ({files})."),
    N_("{n} embedded files were not read: {reason} ({files})."),
    N_("{n} files were not read: {reason} ({files})."),
    N_("{n} part of it is locked (DRM) and was not read."),
    N_("{n} parts of it are locked (DRM) and were not read."),
    N_("Only the first of its {n} pages was read ({option})."),
    N_("Only the first of its {n} sheets was read ({option})."),
    N_("Only the first of its {n} slides was read ({option})."),
)
_QUESTIONS = (
    N_("The question is empty. Ask in a few words, or in a sentence."),
    N_("The question has no letter and no digit in it. Ask in words."),
    N_("The question has {n} characters; {size} is the most. Ask for one thing at a time."),
    N_("There is no earlier generation to go back to."),
    N_(
        "Generation {n}, the one before, was made by another version of this program or for "
        "another model, so it cannot answer."
    ),
)


def translate(text: str) -> str:
    """Return a reason, a remark or an error of the engine in the language that is spoken."""
    if language() == SOURCE or len(text) > _LONGEST:
        return text
    return _said(text, language())


def is_known(text: str) -> bool:
    """Return whether a text is one of those that can be said in another language."""
    return _found(text) is not None or composed_remark(text) is not None


@lru_cache(500)
def _said(text: str, _language: str) -> str:
    if (composed := composed_remark(text)) is not None:
        return composed
    if (found := _found(text)) is not None:
        template, values = found
        return translated(template).format(
            **{name: _value(name, said) for name, said in values.items()}
        )
    if not text.endswith(".") and is_known(f"{text}."):  # a remark within a sentence
        return translate(f"{text}.").removesuffix(".")
    sentences = _SENTENCE.split(text)  # several remarks follow each other
    if len(sentences) > 1:
        return " ".join(map(translate, sentences))
    for colon in islice(_COLON.finditer(text), _DEEPEST):  # it is on a document in the file
        if is_known(text[colon.end() :]):
            return f"{text[: colon.end()]}{translate(text[colon.end() :])}"
    return text


def _value(name: str, said: str) -> str:
    if name in _FIGURES:
        return in_figures(float(said.replace(",", "")))
    if name in _LISTED:
        return _listed(said)
    if name == "counted":
        return counted_things(said) or said
    return translate(said) if name in _LOOKED_UP else said


def _listed(said: str) -> str:
    """Return names in a row, with the last "and" in the language that is spoken.

    Where more than one of these stands between names or within one, all stay.
    """
    if found := _OTHERS.fullmatch(said):
        number = int(found["n"].replace(",", ""))
        return ngettext("{names} and {n:,} more", "{names} and {n:,} more", number).format(
            names=found["names"], n=number
        )
    before, joint, last = said.partition(" and ")
    return list_of([before, last]) if joint and " and " not in last else said


def _found(text: str) -> tuple[str, dict[str, str]] | None:
    if len(text) > _LONGEST:
        return None
    for pattern, template in _patterns():
        if found := pattern.fullmatch(text):
            return template, found.groupdict()
    return None


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Return what each template looks like, those with the most words of their own first."""
    templates = [*_REASONS, *_ADVICE, *_KINDS, *_REMARKS, *_QUESTIONS]
    templates.sort(key=lambda template: -len(re.sub(r"\{\w+\}", "", template)))
    return [(re.compile(_pattern_of(template), re.DOTALL), template) for template in templates]


def _pattern_of(template: str) -> str:
    parts = []
    for words, name, _form, _conversion in Formatter().parse(template):
        parts.append(re.escape(words))
        if name:
            number = _NUMBER.pattern if name in _FIGURES else ".+?"
            parts.append(f"(?P<{name}>{number})")
    return "".join(parts)
