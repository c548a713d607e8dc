"""The list that somebody asks for, by its topic or in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.localization import _
from bot.requests.periods import first_day, last_day
from index.answering.kinds.listings import list_of
from index.answering.list_requests import Lists, RollUpRequest
from index.errors import BadQuestion
from index.parsing.text.dates import Period

_LONGEST = 200
_ABOUT_SOMETHING = frozenset({Lists.MENTIONS, Lists.FIGURES})


def list_request(
    topic: str, lists: Lists | None, since: str | None, until: str | None, today: date
) -> RollUpRequest:
    """Return the list that is asked for; what is chosen counts more than what the words say.

    Raises BadQuestion where nothing says what is to be listed, and BadPeriod.
    """
    text = " ".join(topic.split())
    if len(text) > _LONGEST:
        raise BadQuestion(
            _("That is too long for a topic: {most:,} characters is the most.").format(
                most=_LONGEST
            )
        )
    request = RollUpRequest(lists, text) if lists else list_of(text, today)
    if not request.about and request.lists in _ABOUT_SOMETHING:
        raise BadQuestion(_("Name a topic, such as a word or a name, or choose what to list."))
    if since is None and until is None:
        return request
    last = last_day(until) if until else date.max
    if since:
        first = first_day(since)
    else:  # until a day to come, what is past is not due any more
        first = today if request.lists is Lists.DEADLINES and last >= today else date.min
    if first > last:
        raise BadQuestion(_("The first day is after the last one."))
    return replace(request, period=Period(first, last))
