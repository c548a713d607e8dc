"""Kinds of documents: what their nouns are, and which of them are versions of one thing."""

from __future__ import annotations

from collections.abc import Mapping

from index.store.successions.successions import Nature
from index.text import fold

_LIVING: Mapping[str, str] = {
    "policy": "policy policies policyen richtlinie richtlinien",
    "guidelines": "guideline guidelines guidance leitlinie leitlinien retningslinje retningslinjen"
    " retningslinjer retningslinjene",
    "plan": "plan plans pläne planen planer plane",
    "concept": "concept konzept konzepts konsept konseptet",
    "guide": "guide guides leitfaden leitfadens veileder veilederen veiledning veiledningen"
    " playbook runbook howto",
    "handbook": "handbook handbuch handbuchs håndbok håndboken håndboka",
    "manual": "manual manualen",
    "procedure": "procedure procedures sop sops routine rutine rutinen rutiner prosedyre prosedyren"
    " verfahren verfahrens",
    "instructions": "instruction instructions anweisung anweisungen instruks instruksen directive"
    " directives order orders",
    "checklist": "checklist checkliste sjekkliste sjekklisten",
    "list": "list lists liste listen verzeichnis verzeichnisses",
    "register": "register registeret directory catalogue catalog katalog",
    "roster": "roster rota",
    "rules": "rule rules regulation regulations bylaws statutes regeln regelung ordnung satzung"
    " regler reglement reglementet reglene vedtekter bestimmungen bestemmelser",
    "terms": "terms conditions",
    "standard": "standard standards standarden norm code",
    "strategy": "strategy strategie strategi strategien",
    "framework": "framework rahmen rammeverk charter roadmap programme program programm",
    "glossary": "glossary glossar ordliste ordlisten faq",
    "rates": "tariff tarif rates price prices preise priser satser sätze allowances",
    "overview": "overview übersicht oversikt oversikten factsheet profile merkblatt faktaark"
    " datasheet",
    "chart": "chart matrix organigramm organisasjonskart map karte kart",
    "leaflet": "handout leaflet flyer brochure",
    "template": "template vorlage mal malen form formular skjema skjemaet",
}
_ISSUED: Mapping[str, str] = {
    "brief": "brief briefs briefing briefings briefingen orientering orienteringen lagebild"
    " unterrichtung kurzinformation",
    "note": "note notes notiz notat notatet vermerk",
    "memo": "memo memos memorandum",
    "notice": "circular rundschreiben rundskriv rundskrivet notice notices hinweis advisory"
    " announcement",
    "paper": "paper papers papier dokumentation documentation",
    "assessment": "assessment vurdering bewertung einschätzung analysis analyse analysen estimate",
    "proposal": "proposal forslag vorschlag",
    "schedule": "budget schedule timetable tidsplan zeitplan fahrplan forecast prognose status",
    "protocol": "protocol",
}
_RECORDS: Mapping[str, str] = {
    "minutes": "minutes protokoll protokolle protokollen referat referatet mitschrift niederschrift"
    " agenda tagesordnung dagsorden saksliste",
    "report": "report reports bericht berichte berichts rapport rapporten rapporter beretning"
    " årsberetning jahresbericht sitrep review reviews evaluation evaluering auswertung results"
    " ergebnisse resultater statistics statistik statistikk figures zahlen tall survey umfrage"
    " undersøkelse snapshot debrief inspection audit",
    "news": "newsletter bulletin digest nyhetsbrev newsflash press presse pressemelding"
    " pressemitteilung release update updates",
    "log": "log logs logbook diary journal logg dagbok tagebuch transcript interview intervju"
    " record records",
    "offer": "offer offers quote quotes quotation bid bids tender angebot angebote"
    " kostenvoranschlag"
    " tilbud tilbudet anbud invoice invoices rechnung faktura receipt quittung kvittering contract"
    " contracts vertrag kontrakt kontrakten agreement avtale avtalen vereinbarung lease",
    "letter": "letter letters schreiben mail email mails message messages nachricht meldung"
    " meldungen melding"
    " meldingen statement erklärung application antrag søknad certificate bescheinigung attest",
    "event": "meeting sitzung møte møtet besprechung workshop session visit besuch besøk trip"
    " reise incident vorfall hendelse hendelsen event veranstaltung arrangement exercise übung"
    " øvelse øvelsen call townhall speech rede tale invitation einladung invitasjon",
    "accounts": "accounts abschluss regnskap regnskapet payroll timesheet timesheets stock levels"
    " bestand beholdning",
}
_KINDS = {
    noun: (kind, nature)
    for nature, kinds in (
        (Nature.LIVING, _LIVING),
        (Nature.ISSUED, _ISSUED),
        (Nature.RECORD, _RECORDS),
    )
    for kind, nouns in kinds.items()
    for noun in fold(nouns).split()
}
_GENERIC = frozenset(
    fold(
        "document documents dokument dokumente dokumentet dokumenter dokuments version versions"
        " versionen versjon versjonen versjoner versjonene edition revisions editions fassung"
        " fassungen ausgabe ausgaben utgave utgaven utgaver utgavene issue revision revisjon"
        " revisjonen"
    ).split()
)
"""Nouns that any document may have."""
_PERIODIC = frozenset(
    fold(
        "daily weekly biweekly fortnightly monthly bimonthly quarterly annual annually yearly half"
        " week weeks month months quarter kw uke uka woche maned måned kvartal quartal halbjahr"
        " halvår täglich wöchentlich monatlich jährlich daglig ukentlig månedlig årlig"
        " wochenbericht monatsbericht jahresplan årsplan månedsplan ukeplan wochenplan monatsplan"
        " dienstplan urlaubsplan ferieplan vaktplan shift duty holiday vacation leave budget"
        " budsjett haushalt haushaltsplan training trainingsplan season winter summer spring autumn"
        " sommer vinter høst herbst frühling"
    ).split()
)
"""Words for what is made anew for each period: what holds in another period replaces nothing."""
_COMPOUND_ENDS = {
    end: _KINDS[end]
    for end in fold(
        "richtlinie richtlinien plan plans planen konzept konzepts konsept konseptet leitfaden"
        " leitlinie handbuch handbuchs handbok handboken handboka veileder veilederen veiledning"
        " anweisung verfahren liste listen verzeichnis oversikt oversikten ordnung satzung regeln"
        " regelung strategie strategi strategien instruks instruksen rutine rutinen rutiner"
        " prosedyre retningslinjer retningslinje reglement reglementet glossar ordliste tarif"
        " preise priser satser protokoll protokollen bericht berichts rapport rapporten referat"
        " referatet notat notatet notiz vermerk angebot tilbud tilbudet vertrag rechnung faktura"
        " schreiben book list pläne policy analyse vurdering bewertung merkblatt"
        " übersicht vorlage katalog register briefing"
    ).split()
    if end in _KINDS
}
_SHORTEST_BEFORE = 3
_MOST_LETTERS = 40


def kind_of(word: str) -> tuple[str, Nature, str] | None:
    """Return the kind of document that a word names, its nature, and what a compound has before.

    "Reiserichtlinie" names a policy, with "reise" before. None for any other word.
    """
    word = fold(word)
    if found := _KINDS.get(word):
        return *found, ""
    if len(word) > _MOST_LETTERS:
        return None
    for end, found in _COMPOUND_ENDS.items():
        if word.endswith(end) and len(word) >= len(end) + _SHORTEST_BEFORE:
            return *found, word.removesuffix(end).rstrip("s")
    return None


def is_periodic(word: str) -> bool:
    """Return whether a word tells that what it stands with is made anew for each period."""
    return fold(word) in _PERIODIC


def is_generic(word: str) -> bool:
    """Return whether a word names any document: "document", "version", "Fassung"."""
    return fold(word) in _GENERIC
