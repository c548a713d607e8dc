"""Parser of transcripts and subtitles (WebVTT, SubRip): turns of speakers, with their time."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from index.parsing.builder import DocumentBuilder, one_line
from index.parsing.draft import Draft, Source
from index.parsing.options import HiddenContent
from index.parsing.text.characters import ends_sentence
from index.parsing.text.decoding import decode
from index.parsing.unread.hidden import HiddenParts

_TIME = r"(?:\d{1,4}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_TIMES = re.compile(rf"\s*(?P<begin>{_TIME})\s*-->\s*(?P<end>{_TIME})")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+(?P<name>[^>]*)>")
_TAG = re.compile(r"</?[a-z][^<>]*>|<\d[\d:.]*>|\{\\[^{}]*\}", re.IGNORECASE)
_PART = re.compile(r"(?P<kind>NOTE|STYLE|REGION|WEBVTT|X-TIMESTAMP-MAP)(?=[\s:=]|$)")
_NAMED = re.compile(
    r"(?:>>\s*|-\s+)?(?P<name>(?:[A-ZÀ-Þ][\w.'’-]*)(?: [A-ZÀ-Þ(][\w.'’()-]*){0,4}):\s+(?=\S)"
)
_MOST = 600
"""Characters after which a turn goes on in another paragraph, behind the end of a sentence."""


@dataclass(slots=True)
class _Turn:
    """What one person says without another one between."""

    begin: str
    speaker: str
    texts: list[str] = field(default_factory=list)
    length: int = 0

    def add(self, text: str) -> None:
        self.texts.append(text)
        self.length += len(text)

    @property
    def is_long(self) -> bool:
        return self.length >= _MOST and ends_sentence(self.texts[-1])


def parse(source: Source) -> Draft:
    decoded = decode(source.data)
    builder = DocumentBuilder(source.limits)
    if decoded.remark:
        builder.remark(decoded.remark)
    notes: list[str] = []
    with builder.within_limit():
        _write_turns(decoded.text, builder, notes)
        if not builder.length:  # no cues; whatever it is, its text is read
            notes.clear()
            builder.plain(decoded.text)
    hidden = HiddenParts(builder, source.options)
    with builder.within_limit():
        hidden.write(HiddenContent.COMMENTS, "note of its authors", "\n".join(notes))
    hidden.remark()
    return replace(builder.draft(), is_data=True)


def _write_turns(written: str, builder: DocumentBuilder, notes: list[str]) -> None:
    turn: _Turn | None = None
    before = ("", "")  # the end of the cue before, and its last line
    for begin, end, lines in _cues(written, notes):
        for speaker, text in _spoken(lines):
            if (begin, text) == before:  # captions that roll repeat the line above
                continue
            before = (end, text)
            if turn is None or (speaker and speaker != turn.speaker) or turn.is_long:
                _write(turn, builder)
                turn = _Turn(_clock(begin), speaker or (turn.speaker if turn else ""))
            turn.add(text)
    _write(turn, builder)


def _write(turn: _Turn | None, builder: DocumentBuilder) -> None:
    if turn is not None:
        speaker = f"{turn.speaker}: " if turn.speaker else ""
        builder.paragraph(f"{turn.begin} {speaker}{' '.join(turn.texts)}")


def _cues(text: str, notes: list[str]) -> Iterator[tuple[str, str, list[str]]]:
    """Yield each cue's times and lines, without numbers, settings and styles; collect the notes."""
    begin, end, cue = "", "", list[str]()
    part = ""  # the kind of a part that is none of what is said
    is_name = False  # whether the last line may be the name of the cue below
    after_gap = True
    for line in text.splitlines():
        if match := _TIMES.match(line):
            if cue and is_name:
                cue.pop()
            if begin:
                yield begin, end, cue
            begin, end = match["begin"], match["end"]
            cue, part, is_name = [], "", False
        elif not line.strip():
            part, after_gap, is_name = "", True, False
            continue
        else:
            if after_gap and (head := _PART.match(line)):
                part = head["kind"]
                line = line[head.end() :]
            if part == "NOTE":
                notes += [line.strip()] if line.strip() else []
            elif not part:
                is_name = after_gap or line.strip().isdigit()
                cue.append(line)
        after_gap = False
    if begin:
        yield begin, end, cue


def _clock(written: str) -> str:
    """Return a time without fractions of a second."""
    clock = re.split("[.,]", written)[0]
    return clock if clock.count(":") == 2 else f"00:{clock}"


def _spoken(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the lines of a cue, each with its speaker, who is empty where none is named."""
    for line in lines:
        voice = _VOICE.search(line)
        text = one_line(html.unescape(_TAG.sub("", _VOICE.sub("", line))))
        speaker = one_line(html.unescape(voice["name"])) if voice else ""
        if not speaker and (named := _NAMED.match(text)):
            speaker, text = named["name"], text[named.end() :]
        if text:
            yield speaker, text
