"""Parser of calendar files (iCalendar): one section for each event, with its times as written.

The lines are taken apart here, since a library would turn times into moments of time zones, and
give up a file that is cut off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from index.errors import UnreadableDocument
from index.parsing.builder import DocumentBuilder, one_line
from index.parsing.draft import Draft, Source
from index.parsing.formats.calendar_times import last_day, recurrence, time_text
from index.parsing.formats.rich_text import write_text
from index.parsing.text.decoding import decode

_FOLD = re.compile(r"(?:\r\n?|\n)[ \t]")
_LINE = re.compile(
    r"(?P<name>[A-Za-z0-9-]+)(?P<parameters>(?:;[A-Za-z0-9-]+=(?:\"[^\"]*\"|[^\":;])*)*):(?P<value>.*)"
)
_PARAMETER = re.compile(r";(?P<name>[A-Za-z0-9-]+)=(?P<value>(?:\"[^\"]*\"|[^\":;])*)")
_ESCAPE = re.compile(r"\\(.)")
_SECTIONS = frozenset(("VEVENT", "VTODO", "VJOURNAL"))
_FIELD_LABELS = {"LOCATION": "Where", "STATUS": "Status", "URL": "Link", "CATEGORIES": "Categories"}


@dataclass(frozen=True, slots=True)
class _Property:
    value: str
    parameters: dict[str, str]


@dataclass(slots=True)
class _Section:
    """An event, task or journal entry."""

    properties: dict[str, list[_Property]] = field(default_factory=dict)

    def first(self, name: str) -> _Property:
        return self.properties.get(name, [_Property("", {})])[0]

    def text(self, name: str) -> str:
        return _unescaped(self.first(name).value)


def parse(source: Source) -> Draft:
    decoded = decode(source.data)
    builder = DocumentBuilder(source.limits)
    if decoded.remark:
        builder.remark(decoded.remark)
    calendar, sections = _read(decoded.text)
    if not calendar.properties and not sections:
        raise UnreadableDocument("it is not a calendar: it has no events")
    title = one_line(calendar.text("X-WR-CALNAME"))
    with builder.within_limit(may_hide=False):
        builder.heading(title, 1)
        for section in sections:
            _write(section, builder, 2 if title or len(sections) > 1 else 1)
    metadata = {}
    if len(sections) == 1 and (day := last_day(sections[0].first("DTSTART").value)):
        metadata["date"] = day
        title = title or one_line(sections[0].text("SUMMARY"))
    return builder.draft(title=title, metadata=metadata)


def _read(text: str) -> tuple[_Section, list[_Section]]:
    """Return the calendar's own properties and its sections, also of a file that is cut off."""
    calendar, sections = _Section(), list[_Section]()
    inside: list[str] = []
    for line in _FOLD.sub("", text).splitlines():
        match = _LINE.fullmatch(line.strip())
        if match is None:
            continue
        name, value = match["name"].upper(), match["value"]
        if name == "BEGIN":
            inside.append(value.strip().upper())
            if inside[-1] in _SECTIONS:
                sections.append(_Section())
        elif name == "END":
            if inside:
                inside.pop()
        else:
            current = inside[-1] if inside else "VCALENDAR"
            section = sections[-1] if current in _SECTIONS else calendar
            if current in _SECTIONS or current == "VCALENDAR":
                parameters = {
                    one["name"].upper(): one["value"].strip('"')
                    for one in _PARAMETER.finditer(match["parameters"])
                }
                section.properties.setdefault(name, []).append(_Property(value, parameters))
    return calendar, sections


def _write(section: _Section, builder: DocumentBuilder, level: int) -> None:
    builder.heading(section.text("SUMMARY"), level)
    lines = [f"{label}: {value}" for label, value in _lines(section) if value]
    builder.paragraph("\n".join(lines))
    for text in section.properties.get("DESCRIPTION", ()):
        write_text(_unescaped(text.value), builder)
    for text in section.properties.get("COMMENT", ()):
        builder.paragraph(_unescaped(text.value))
    if attached := section.properties.get("ATTACH"):
        files = [one.parameters.get("FILENAME", "") for one in attached]
        named = ", ".join(filter(None, files)) or "without a name"
        builder.remark(f"Attachments of an event were not read ({named}).")


def _lines(section: _Section) -> Iterator[tuple[str, str]]:
    begin, end, due = (section.first(name) for name in ("DTSTART", "DTEND", "DUE"))
    zone = begin.parameters.get("TZID", "")
    yield "When", time_text(begin.value, end.value, section.first("DURATION").value, zone)
    yield "Due", time_text(due.value, "", "", due.parameters.get("TZID", ""))
    for rule in section.properties.get("RRULE", ()):
        yield "Repeats", recurrence(rule.value)
    for name, label in (("RDATE", "Also"), ("EXDATE", "Not"), ("RECURRENCE-ID", "Instead of")):
        days = [
            time_text(day, "", "", one.parameters.get("TZID", ""))
            for one in section.properties.get(name, ())
            for day in one.value.split(",")
        ]
        yield label, ", ".join(filter(None, days))
    for name, label in _FIELD_LABELS.items():
        texts = (one_line(_unescaped(one.value)) for one in section.properties.get(name, ()))
        yield label, ", ".join(filter(None, texts))
    yield "Organizer", _person(section.first("ORGANIZER"))
    attendees = section.properties.get("ATTENDEE", ())
    yield "Attendees", ", ".join(filter(None, map(_person, attendees)))


def _person(person: _Property) -> str:
    """Return a name with its address, and the answer that was given."""
    address = re.sub("^mailto:", "", person.value.strip(), flags=re.IGNORECASE)
    name = one_line(person.parameters.get("CN", ""))
    written = f"{name} <{address}>" if name and address and name != address else name or address
    answer = person.parameters.get("PARTSTAT", "").upper()
    return f"{written} ({answer.lower()})" if answer not in ("", "NEEDS-ACTION") else written


def _unescaped(value: str) -> str:
    return _ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)
