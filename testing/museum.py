"""The documents of a small museum, to ask about the documents themselves."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from index.document import Document
from index.parsing import ParsingLimits
from index.parsing.parser import parse_bytes
from index.store.folder.store import IndexStore
from index.store.generation import Generation
from testing.fakes import publish

FILES = {
    "policies/loan-policy.md": """---
title: Loan policy
date: 2025-09-30
author: Ines Aalto
owner: Registrar's office
approved_by: Karin Holm
valid_from: 2025-10-01
review: 2026-09-01
version: 4
---

# Loan policy

Objects leave the museum only with a signed loan agreement. The borrower needs three documents.

## Couriers

A courier carries the condition report and the insurance certificate. Visitors to Skagen pay no fee.
""",
    "policies/fire-plan.txt": """Fire plan for the Boathouse

Version 2, in force from 1 March 2026. Owner: Tom Ekberg, head of buildings.

When the alarm sounds, everybody leaves by the slipway. The keys hang beside the Lindgren room.
The list of wardens is reviewed each month.
""",
    "reports/roof-survey.txt": """Survey of the roof of the Boathouse

Prepared by Tom Ekberg, 12 March 2026.

The slates above the Lindgren room are loose. On 2 March water came in through the skylight.
A second survey follows in the summer. The scaffold of Brandt and Sons costs 9,400 euros.
""",
    "minutes/minutes-2026-05-07.md": """# Minutes of 7 May 2026

Present: Ines Aalto, Tom Ekberg, Karin Holm.

## Decisions

- The museum lends the pilot boat to Skagen from 1 July 2026.
- The roof is mended before October.

## Not decided

- Who pays for the scaffold.

## News

The oldest boat came back on 4 May 2026. Søren Ågård wrote off the crane.
""",
    "briefs/skagen-harbour.md": """# Brief on Skagen harbour

Written by Ines Aalto, 20 June 2026. This brief will be updated by 1 February 2027.

Skagen has two quays for old boats. The harbour master is Søren Ågård.
The permit expired last spring.
""",
    "letters/loan-request.eml": """From: Jonas Berg <jonas@skagen.example>
To: Ines Aalto <ines@museum.example>
Subject: Request for the pilot boat
Date: Mon, 3 Aug 2026 10:15:00 +0200

Dear Ines,

we would like to keep the pilot boat in Skagen until 30 November. Who signs the agreement?

Jonas
""",
    "inventory/boats.csv": """Boat,Built,Place,Remark
Pilot boat,1911,Skagen,Lent
Tender,1954,Boathouse,Leaks
Dinghy,1962,Boathouse,
""",
}
"""By name. `boats.csv` states no date."""


def museum_documents() -> list[Document]:
    """Return the documents as the parsers read them."""
    return [
        parse_bytes(text.encode(), name, PurePosixPath(name).suffix, limits=ParsingLimits())
        for name, text in FILES.items()
    ]


def museum(folder: Path, *more: Document) -> Generation:
    """Return a generation of these documents, and of `more`."""
    store = IndexStore(folder)
    publish(store, *museum_documents(), *more)
    return store.open(None)
