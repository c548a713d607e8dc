"""Puts the word that the passages use for a word of the question that none of them has.

They are words of working life that name the same thing whoever writes them. Names, and words that
only resemble each other, are left alone: what is said of lorries is nothing on vans.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from index.ports import Filter
from index.rewriting.english import GRAMMAR
from index.store.catalog.catalog import Catalog
from index.store.words.lexical import STOP_WORDS
from index.text import words_of

__all__ = ["use_passage_words"]

_SAME = """
    vacation | annual leave | paid time off | pto | holiday > leave
    vacations | holidays > days of leave
    vacation days | holiday days | holidays | leave days | days of leave
    paternity leave | maternity leave | parental leave
    doctor's note | doctors note | sick note | doctor's certificate | medical certificate
    work from home | working from home | wfh | home office | telework | remote work
    salary | wage > pay
    salaries | wages > pay
    pay rise | pay raise | salary increase
    ill | unwell > sick
    sick > ill | unwell
    sick of
    text message | sms
    text messages | sms
    illness | sickness
    boss | supervisor > manager
    line manager > supervisor | manager
    coworker | co-worker > colleague
    coworkers | co-workers > colleagues
    employees | staff | personnel > workers
    car > vehicle
    cars > vehicles
    lorry | truck
    lorries | trucks
    cellphone | cell phone | mobile phone > mobile
    photos | pictures | photographs > photography
    refund | reimburse > pay back
    refunded | reimbursed > paid back
    invoice > bill
    invoices > bills
    lodging | accommodation > hotel
    supplier | vendor
    suppliers | vendors
    customer | client
    customers | clients
    cafeteria | canteen
    trash | garbage | rubbish > waste
    wifi | wi-fi | wlan
    children | kids
    attendees | participants
    attendee | participant
    resign > quit
    dismissed > fired
    absent > apologies
    on duty | on call | on shift | on standby
    pack > bring
    overdue > late
    tyre | tire
    tyres | tires
    bike | bicycle
    bikes | bicycles
    injured > hurt
    hurt > injured | injuries
    cats | dogs > pets
    cat | dog > pet
    penalty > fine
    the fine > the penalty | the charge
    a fine > a penalty | a charge
    fines | penalties > charges
    bus > coach
    basement | cellar
    fridge | refrigerator
    deadline > due date | due
    toxic | poisonous
    color | colour
    center | centre
    gasoline | petrol > fuel
    apartment > flat
    elevator > lift
    headcount | number of employees | number of staff
    bbq > barbecue
    bbqs > barbecues
    booze | beer | wine > alcohol
"""
"""Rows of wordings for the same; what stands behind ">" is a word of many meanings or a wider one,
that stands for the others and not they for it."""


def use_passage_words(question: str, catalog: Catalog, allowed: Filter | None = None) -> str:
    """Return the question with the passages' words for things that they call otherwise.

    With `allowed`, all other passages are ignored as if they did not exist.
    """

    @cache
    def is_known(words: str) -> bool:
        return all(catalog.document_frequency(word, allowed) for word in _telling(words))

    return _PHRASE.sub(lambda match: _other(match[0], is_known), question)


def _other(typed: str, is_known: Callable[[str], bool]) -> str:
    """Return the first other wording that is known, for one that is not."""
    if is_known(typed.lower()):
        return typed
    for other in _WORDINGS[typed.lower()]:
        if is_known(other):
            return other[0].upper() + other[1:] if typed[0].isupper() else other
    return typed


def _telling(words: str) -> list[str]:
    return [word for word in words_of(words) if word not in STOP_WORDS | GRAMMAR]


def _others() -> Mapping[str, list[str]]:
    table: dict[str, list[str]] = {}
    for line in _SAME.strip().splitlines():
        typed, _, wider = line.partition(">")
        sources = [wording.strip() for wording in typed.split("|")]
        targets = [*sources, *filter(None, (wording.strip() for wording in wider.split("|")))]
        for source in sources:
            known = table.setdefault(source, [])
            known += (each for each in targets if each != source and each not in known)
    return table


_WORDINGS = _others()
_LONGEST_FIRST = sorted(_WORDINGS, key=len, reverse=True)
_PHRASE = re.compile(
    rf"(?<![\w'’-])(?:{'|'.join(map(re.escape, _LONGEST_FIRST))})(?![\w-])",
    re.IGNORECASE,
)
