from __future__ import annotations

from typing import Any

import pytest

from index.parsing.formats.calendar_times import recurrence

EVENT = """BEGIN:VEVENT
DTSTART;TZID=Europe/Oslo:20310502T090000
DTEND;TZID=Europe/Oslo:20310502T103000
SUMMARY:Test of the crane\\, berth six
LOCATION:Room 4
RRULE:FREQ=MONTHLY;INTERVAL=2;BYDAY=1MO;COUNT=10
EXDATE;TZID=Europe/Oslo:20310704T090000
ORGANIZER;CN="Moe, Pia":mailto:pia@x.no
ATTENDEE;CN=Kari;PARTSTAT=ACCEPTED:mailto:k@x.no
ATTENDEE:mailto:ola@x.no
DESCRIPTION:Bring the keys.\\n\\nThe gate is closed\\; call the por
 ter.
BEGIN:VALARM
DESCRIPTION:no
END:VALARM
END:VEVENT
"""
ZONE = "BEGIN:VTIMEZONE\nTZID:Europe/Oslo\nEND:VTIMEZONE\n"


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_an_event(parse: Any, outline: Any, line_break: str) -> None:
    text = f"BEGIN:VCALENDAR\n{ZONE}{EVENT}END:VCALENDAR\n".replace("\n", line_break)
    document = parse("a.ics", text)
    assert outline(document) == [
        ("heading", 1, "Test of the crane, berth six"),
        (
            "paragraph",
            0,
            "When: 2031-05-02 09:00 to 10:30 (Europe/Oslo)\n"
            "Repeats: every 2 months on the first Monday, 10 times\n"
            "Not: 2031-07-04 09:00 (Europe/Oslo)\nWhere: Room 4\n"
            "Organizer: Moe, Pia <pia@x.no>\nAttendees: Kari <k@x.no> (accepted), ola@x.no",
        ),
        ("paragraph", 0, "Bring the keys."),
        ("paragraph", 0, "The gate is closed; call the porter."),
    ]
    assert document.title == "Test of the crane, berth six"
    assert document.metadata == {"date": "2031-05-02"}


@pytest.mark.parametrize(
    ("times", "written"),
    [
        ("DTSTART:20310601T080000Z\nDURATION:PT1H30M", "2031-06-01 08:00 UTC, 1 hour 30 minutes"),
        ("DTSTART;VALUE=DATE:20310510\nDTEND;VALUE=DATE:20310511", "2031-05-10"),
        ("DTSTART;VALUE=DATE:20310510\nDTEND;VALUE=DATE:20310601", "2031-05-10 to 2031-05-31"),
        ("DTSTART:20310510T220000\nDTEND:20310511T020000", "2031-05-10 22:00 to 2031-05-11 02:00"),
        ("DTSTART:20310510T220000\nDTEND:20310510T220000", "2031-05-10 22:00"),
        (
            "DTSTART:20310510\nRDATE:20310511T080000/20310511T090000,20310512T080000Z/PT1H",
            "2031-05-10\nAlso: 2031-05-11 08:00 to 09:00, 2031-05-12 08:00 UTC, 1 hour",
        ),
        ("DTSTART:tomorrow", "tomorrow"),
        ("DTSTART:20319999", "2031-99-99"),
    ],
)
def test_times(parse: Any, times: str, written: str) -> None:
    text = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Call\n{times}\n"  # and is cut off here
    assert parse("a.ics", text).text == f"Call\n\nWhen: {written}"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=DAILY", "every day"),
        ("FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20311231T000000Z",
         "every week on Monday and Wednesday, until 2031-12-31"),
        ("FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=17", "every year in May on day 17"),
        ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1", "every month on the last Monday or Tuesday"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "every month on the last Friday"),
        ("FREQ=MONTHLY;BYMONTHDAY=-2", "every month on day 2 from the end"),
        ("FREQ=YEARLY;BYWEEKNO=20", "FREQ=YEARLY;BYWEEKNO=20"),
    ],
)  # fmt: skip
def test_recurrence(rule: str, words: str) -> None:
    assert recurrence(rule) == words


def test_several_events(parse: Any, outline: Any) -> None:
    text = (
        "BEGIN:VCALENDAR\nX-WR-CALNAME:Board\nBEGIN:VEVENT\nSUMMARY:One\nEND:VEVENT\n"
        "BEGIN:VTODO\nSUMMARY:Two\nDUE:20310502\nDESCRIPTION:<p>A<br>b</p>\n"
        "ATTACH;FILENAME=plan.pdf:cid:1\nEND:VTODO\nEND:VCALENDAR\n"
    )
    document = parse("a.ics", text)
    assert outline(document) == [
        ("heading", 1, "Board"),
        ("heading", 2, "One"),
        ("heading", 2, "Two"),
        ("paragraph", 0, "Due: 2031-05-02"),
        ("paragraph", 0, "A\nb"),
    ]
    assert document.remarks == ("Attachments of an event were not read (plan.pdf).",)


def test_what_is_no_calendar(refused: Any) -> None:
    assert refused("a.ics", "Words.") == "it is not a calendar: it has no events"
