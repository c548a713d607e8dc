"""The forms of questions about the documents themselves, in the notation of `Form`.

They hold words of grammar and words for documents, for writing and for dates, and no subjects.
"""

from __future__ import annotations

import enum

from index.answering.understanding.forms import Form


class Asks(enum.Enum):
    """What is asked of the documents."""

    MENTIONS = enum.auto()
    COUNT = enum.auto()
    LIST = enum.auto()
    LATEST = enum.auto()
    OLDEST = enum.auto()
    NEW = enum.auto()
    BY = enum.auto()
    DUE = enum.auto()
    AUTHOR = enum.auto()
    OWNER = enum.auto()
    APPROVER = enum.auto()
    CONFIRMED = enum.auto()
    DATE = enum.auto()
    CURRENT = enum.auto()
    VERSION = enum.auto()
    REVIEW = enum.auto()
    CARD = enum.auto()


class Certainty(enum.Enum):
    """Whether a form allows no other reading."""

    ALWAYS = enum.auto()
    IF_FOUND = enum.auto()
    """If the documents have what it names."""
    IF_KIND = enum.auto()
    """If that has a word for a kind of document as well."""
    IF_NAME = enum.auto()
    """If what it names is a name."""


_WORDS = {
    # Kinds of documents. The matter of the last is asked for as often as they are: "which policy
    # covers visitors".
    "GENERIC": "documents?|docs?|files?|briefings?|briefs?|papers?|sources?|materials?|texts?"
    "|documentation",
    "REPORTING": "reports?|notes?|memos?|memorandum|memoranda|presentations?|slide decks?|decks?"
    "|slides|e-?mails?|mails?|spreadsheets?|workbooks?|pdfs?|minutes|transcripts?|letters?"
    "|newsletters?|articles?",
    "RULING": "policy|policies|plans?|guidelines?|guides?|manuals?|handbooks?|glossary|glossaries"
    "|procedures?|contracts?|agreements?",
    "FREE": "GENERIC|REPORTING",
    "ANY": "GENERIC|REPORTING|RULING",
    "THE": "the|our|your|my|these|all|all the|all of the|any of the",
    "WHICH": "which|what|wich|whch|any|which of|what of|any of",
    "IS": "is|are|was|were",
    "WHATS": "what's|whats|what is|what are|what was|what were",
    "YOUHAVE": "do (you|we|i|u) (have|hold|keep|get)|have (you|we|i|u) got|(you|we) have|you got"
    "|did you (get|read)|are there|there are|exist|is there",
    "PLACE": "here|there|now|in total|total|altogether|overall|on file|available|indexed|stored"
    "|loaded|access to|in here|in [the|this|your|our]"
    " (library|index|collection|corpus|archive|system|database|channel|server)",
    "SHOW": "(list|show|find|give|get|send|name|bring up|pull up|search|search for|look for|look up"
    "|display|open|fetch|download|share|forward|need|see|i need|i want|i'd like|i would like"
    "|i am looking for|i'm looking for|looking for) [to] [see|read|have] [me|us]",
    # Writing about something
    "MENTION": "mentions?|mentioned|mentioning|talks? (about|of)|talking about|discuss|discusses"
    "|discussing|refers? to|referring to|cites?|citing|speaks? (of|about)|touch on|touches on"
    "|IS [all|only] about|writes? about|says? (something|anything) (about|on)"
    "|(has|have|had) (something|anything|info|information) (on|about)"
    "|contains? the (word|words|name|names|term|phrase)|with mentions? of",
    "COVER": "covers?|covering|deals? with|dealing with|address|addresses|describes?|contains?"
    "|includes?|names?|explains?|concerns?|treats?|features?|relates? to|related to|relating to"
    "|(is|are) on|about|on|regarding|concerning|re",
    "ABOUT": "about|on|regarding|concerning|re|mentioning|covering|discussing"
    "|(that|which) (MENTION)",
    "MENTIONED": "mentioned|named|discussed|cited|referred to|referenced|talked about"
    "|written about|brought up|described",
    "APPEAR": "MENTIONED|appear|appears|come up|occur|show up",
    # Order
    "NEWEST": "latest|newest|most recent|most recently (added|written|updated|published)|last"
    "|recent|freshest",
    "OLDEST": "oldest|earliest|first|least recent",
    "ONE": "<kind=ANY>|thing|one|entry|addition|upload",
    # Writing a document
    "WROTE": "wrote|written|authored|prepared|drafted|compiled|edited|created|made|published"
    "|issued|produced|put together",
    "WRITE": "write|written|wrote|author|authored|prepare|prepared|draft|drafted|compile|edit"
    "|create|publish|published|issue|produce|update|updated|release|revise|revised|last update",
    "WRITTEN": "[last] (written|authored|prepared|drafted|compiled|edited|created|made|published"
    "|issued|released|updated|revised|amended|modified|dated|sent|finished|produced)",
    "ADDED": "added|written|published|uploaded|indexed|new|stored|dated|issued|created|updated"
    "|from",
    "REVIEWED": "review|reviewed|revision|revised|update|updated|renewed|renewal|a review"
    "|an update",
    "CURRENT": "current|valid|in force|in effect|up to date|up-to-date|uptodate|applicable"
    "|effective|outdated|out of date|out-of-date|obsolete|expired|superseded"
    "|the (latest|current|newest) (version|edition|one)",
    "CONFIRMED": "confirmed?|says|said",
    "APPROVED": "approved?|adopted?|signed? off|signed? off on|signed|authorised|authorized"
    "|endorsed",
}

_TEXTS = (
    (
        Asks.MENTIONS,
        Certainty.ALWAYS,
        """
        [in] WHICH [THE] <kind=ANY> [YOUHAVE] [that|which] [all] MENTION <topic>
        in (which|what) [of] [THE] <kind=ANY> (IS|does|do) <topic> APPEAR
        where [else] [in THE ANY] IS <topic> MENTIONED [in THE ANY]
        where (do|does|did) (we|you|i|they|THE ANY) MENTION <topic>
        where (do|does) <topic> (come up|get MENTIONED)
        IS <topic> [ever] MENTIONED [anywhere|somewhere|in (any|one) [of] [THE] [other] GENERIC
            |in THE GENERIC]
        (do|does|did|has|have) [any|some|one|any one] [of] [THE] [other] <kind=GENERIC> [ever]
            MENTION <topic>
        (does|did|has) (anyone|anybody|anything|any one) [ever] MENTION <topic>
        [all] mentions? of <topic>
        [SHOW] (everywhere|every place|all places|every time|each time) [that|where]
            (we|you|they|i|THE ANY) MENTION <topic>
        [SHOW] (everywhere|every place|all places) [that|where] <topic> [IS] APPEAR
        [SHOW] (every|each|all|all the|every single) (mentions?|occurrences?) of <topic>
        [SHOW] (every|each|all|all the) <kind=ANY> (that|which) [all] MENTION <topic>
        [SHOW] (everything|anything) (that|which) MENTION <topic>
        what [all|else] (mentions|discusses|refers to|talks about) <topic>
        """,
    ),
    (
        Asks.MENTIONS,
        Certainty.IF_FOUND,
        """
        WHICH [THE] <kind=GENERIC> [YOUHAVE] [that|which] COVER <topic>
        in (which|what) [of] [THE] <kind=ANY> (do|can|could) (we|i|you)
            (mention|find|read about|see|talk about) <topic>
        where in THE ANY (is|are|do i find|can i find) <topic>
        [YOUHAVE|got|have (we|you|i)] [any|some|a|an] [other|more]
            (<kind=FREE>|something|anything|stuff) [at all] ABOUT <topic>
        (which|what) [other|more] [<kind=FREE>] YOUHAVE
            (on|about|regarding|concerning|that MENTION) <topic>
        SHOW [all|any|every|some|the|our|a list of|each|of|a|everything]* [<kind=FREE>]
            ABOUT <topic>
        [any|all|the|our|more|other] <kind=documents|docs|doc|files|briefings|briefs|papers|sources
            |reports|notes|memos|presentations|emails|e-mails|mails|spreadsheets|pdfs> ABOUT <topic>
        any [other|more] <kind=FREE> ABOUT <topic>
        """,
    ),
    (Asks.MENTIONS, Certainty.IF_NAME, "[all|the] <topic> (docs?|documents|files|briefings)"),
    (
        Asks.COUNT,
        Certainty.ALWAYS,
        """
        (how many|number of|the number of|count|count of) [THE] <kind=ANY> [YOUHAVE] [that|which]
            MENTION <topic>
        how many (pages|passages|places|sections|sentences) [YOUHAVE] [that|which] MENTION <topic>
        (in how many <kind=ANY>|how often|how many times) (IS|does|do) <topic> APPEAR
            [in [any of] THE GENERIC]
        (how many|how much|number of|the number of|total number of|the total number of|count
            |count of) [THE|different|new]* <kind=ANY>
            [YOUHAVE|do you (know|see|use)|have you (read|indexed)|have we
            |can (you|i) (see|read|search)|(were|are|have been|got) ADDED|came in|came
            |have come in|arrived|PLACE]*
        """,
    ),
    (
        Asks.COUNT,
        Certainty.IF_FOUND,
        """
        (how many|number of) <kind=ANY> (did|has|have) <person> WRITE
        (how many|number of) <kind=ANY> [were|are|are there] [written|prepared] by <person>
        how many <kind=ANY> [are|YOUHAVE] in [the] [folder] <folder> [folder]
        """,
    ),
    # Before the lists, since "documents since June" is one of them without its time.
    (
        Asks.NEW,
        Certainty.ALWAYS,
        """
        [so] (WHATS|what has been|has there been|YOUHAVE|got|SHOW|SHOW WHATS|tell me WHATS)
            [been] [anything|something|any|some|the] (new|recent) [<kind=ANY>|ones|things|stuff]
            [PLACE|in|added|uploaded]* [(about|on|regarding|concerning|with) <topic>]
        [anything|something|any|some|the] (new|recent) [<kind=ANY>|ones|things|stuff]
            [PLACE|in|added|uploaded]* [(about|on|regarding|concerning|with) <topic>]
        [any|the|some|got any|YOUHAVE any] (news|updates|additions) [PLACE]*
            [(about|on|regarding|concerning) <topic>]
        """,
    ),
    (
        Asks.NEW,
        Certainty.IF_FOUND,
        """
        (what|which|what has|what have|has anything|anything|did anything) [new] [<kind=ANY>] [that]
            (came in|came|has come in|come in|come|have come in|has been ADDED|have been ADDED
            |was ADDED|were ADDED|been ADDED|got added|arrived)
        (what|which) [new] <kind=ANY> (IS|have been|has been|have|did|YOUHAVE)
            [ADDED|come in|come|appear|appeared|came in] [in]
        [YOUHAVE|got|SHOW] [any|all|some|the|new]* (anything|something|everything|<kind=ANY>)
            [ADDED]
        """,
    ),
    (
        Asks.LIST,
        Certainty.ALWAYS,
        """
        (what|which|what all) [(kind|kinds|sort|sorts|type|types) of] [other] [<kind=ANY>|all|else]
            (YOUHAVE|are (available|indexed)|(can|could|do) (you|i) (see|search|read|use|access
            |ask about)|have you read|do you know) [PLACE]*
        (WHATS|show me WHATS|list WHATS) [in] (here|[the|your|our] (library|index|collection|corpus
            |archive|sources|documents|available documents|document list)) [here]
        [SHOW] [a|an|the|all|every|complete|full|whole|available|our|your|of|list|overview|these
            |index]* <kind=ANY> [list|overview] [YOUHAVE|that YOUHAVE|PLACE]*
        [list|show|show me] everything [you have|we have|you've got|PLACE]*
        """,
    ),
    (
        Asks.LIST,
        Certainty.IF_FOUND,
        """
        (WHATS|which [<kind=ANY>] are|what <kind=ANY> [are|YOUHAVE]|what do we have
            |what have we got) in [the] [folder] <folder> [folder]
        SHOW [all|the|everything]* [<kind=FREE>] (in|from) [the] [folder] <folder> [folder]
        (any|got any|YOUHAVE any) [other] <kind=FREE> [PLACE]*
        """,
    ),
    (
        Asks.LATEST,
        Certainty.ALWAYS,
        """
        [WHATS|which (is|are)|SHOW] [the|our|your] [<number=NUMBER>] NEWEST [<number=NUMBER>] ONE
            [that] [YOUHAVE|you've got|added|uploaded|written|published|PLACE]* [ABOUT <topic>]
        (which|what) [of] [THE] <kind=ANY> (is|are|was) [the] NEWEST [one]
        (which|what) <kind=ANY> (was|were) (ADDED) (last|most recently|latest)
        """,
    ),
    (
        Asks.OLDEST,
        Certainty.ALWAYS,
        """
        [WHATS|which (is|are)|SHOW] [the|our|your] [<number=NUMBER>] OLDEST [<number=NUMBER>] ONE
            [that] [YOUHAVE|you've got|added|uploaded|written|published|PLACE]* [ABOUT <topic>]
        (which|what) [of] [THE] <kind=ANY> (is|are|was) [the] OLDEST [one]
        (which|what) <kind=ANY> (was|were) (ADDED) (first|earliest)
        """,
    ),
    (
        Asks.LATEST,
        Certainty.IF_FOUND,
        """
        [WHATS|show me] the latest [(about|on|regarding) <topic>]
        latest (about|on|regarding) <topic>
        """,
    ),
    (
        Asks.BY,
        Certainty.IF_FOUND,
        """
        (what|which) [<kind=ANY>] (did|has|have) <person> WRITE
        [which|what|any|SHOW] [all|the|any]* (<kind=ANY>|everything|anything) [IS]
            [written|authored|prepared|drafted|made|created|compiled] (by|from) <person>
        """,
    ),
    (
        Asks.DUE,
        Certainty.IF_FOUND,
        """
        (what|which|what <kind=ANY>|which <kind=ANY>|anything|is anything|is there anything
            |any <kind=ANY>|are any <kind=ANY>|are there any <kind=ANY>|<kind=ANY>)
            [IS|must be|need|needs|should be|to be] [due|overdue|late|up] [for|to be] REVIEWED
            [due|soon|now|overdue|next]
        """,
    ),
    (
        Asks.DUE,
        Certainty.ALWAYS,
        """
        (what|which|any|are any|are there any) <kind=ANY> [IS|have|that are]
            (due|overdue|overdue for review|outdated|out of date|out-of-date|expired|obsolete
            |no longer (valid|current|in force))
        """,
    ),
    (
        Asks.AUTHOR,
        Certainty.IF_FOUND,
        """
        who [has|had] (WROTE) <document>
        (who's|who is|who are|who was) [the] (author|authors|writer|editor|editors) of <document>
        who (is|was|were) <document> (written by|authored by|prepared by|drafted by|by|from)
        by (whom|who) (is|was|were) <document> (WRITTEN)
        [who is|who's|who are|what is|what's|name] [the] [name of the]
            (author|authors|writer|editor) [name] (of|for) <document>
        <document> (author|authors|writer)
        """,
    ),
    (
        Asks.OWNER,
        Certainty.IF_FOUND,
        """
        who (owns|maintains|keeps|is [the] owner of|is responsible for|is in charge of
            |looks after|updates) <document>
        [who is|who's] [the] owner of <document>
        <document> owner
        """,
    ),
    (
        Asks.APPROVER,
        Certainty.IF_FOUND,
        """
        (who|when did <someone>|has <someone>) [has] APPROVED <document>
        (by whom|by who|when) (was|were|is|has) <document> [been] APPROVED [by]
        who (was|were|is) <document> APPROVED by
        """,
    ),
    (
        Asks.CONFIRMED,
        Certainty.IF_FOUND,
        """
        (who|when did <someone>|has <someone>|has anyone|has anybody) [has|last]
            CONFIRMED [that] <document> [(is|are) [still] (right|correct|current|valid|true)]
        (by whom|by who|when|who) (was|were|is|has) <document> [last|been]* CONFIRMED [by]
        """,
    ),
    (
        Asks.REVIEW,
        Certainty.IF_FOUND,
        """
        (when's|when is|when are|when will|when must|when should|when does|when do) <document>
            [be|need|needs] [next] [due|up|scheduled] [for|to be] REVIEWED [due|next|again]
        [when's|when is|WHATS] [the] [next|date of the|date of the next] (review|edition|version
            |revision|update) [date] [due] (of|for|to) <document> [due|expected]
        (is|are) <document> (due|overdue) [for REVIEWED]
        (does|do) <document> need REVIEWED
        <document> [next] (review|review date|due for review)
        """,
    ),
    (
        Asks.VERSION,
        Certainty.IF_FOUND,
        """
        (what|which) (version|edition|revision) [number] of <document> (is (this|it|current|in force
            |valid)|do (we|you) have|are we on|applies)
        (what|which) (version|edition|revision) [number] is <document>
        [WHATS|which is] [the] (latest|newest|current|most recent) (version|edition|revision) of
            <document>
        is there [a] (newer|later|more recent) (version|edition) of <document>
        """,
    ),
    (
        Asks.CURRENT,
        Certainty.IF_FOUND,
        """
        (is|are) <document> [still|now] CURRENT [now|today|any more|anymore]
        (has|have) <document> [already] (expired|been (superseded|replaced|withdrawn|updated)) [yet]
        (does|do) <document> still (apply|hold|stand|count)
        (when|until when|till when|how long|since when|from when) (does|do|did|is|are|will)
            <document> [still] (expire|run out|take effect|come into (force|effect)
            |enter into force|apply|valid|in force|effective|hold) [until|from|for]
        [WHATS] [the] (validity|expiry|expiry date|effective date) of <document>
        how (current|up to date|up-to-date) (is|are) <document>
        """,
    ),
    (
        Asks.DATE,
        Certainty.IF_FOUND,
        """
        (when|[on|in] (what|which) (date|day|month|year)) (is|was|were|has|have) <document> [been]
            (from|WRITTEN)
        when (did|has) <someone> WRITE <document>
        [WHATS] [the] [publication|issue] (date|age) [of (publication|issue)] of <document>
        how (old|recent|fresh|new) (is|are) <document>
        when does <document> date (from|back to)
        when was the last update (of|to) <document>
        """,
    ),
    (
        Asks.CARD,
        Certainty.IF_FOUND,
        """
        (WHATS|which is) [the|our] (latest|newest|current|most recent) <document>
        SHOW [the|a|our|that|this|copy|of|link|to|original|file|pdf|full|whole|complete|download]*
            <document> [as a (file|pdf)|pdf|file|to me|now]
        (where can i (find|get|see|read|download)|where do i find|link to|copy of
            |can i (see|have|get|read|download)|do (we|you) have) [the|our|a] <document>
        """,
    ),
    (Asks.CARD, Certainty.IF_KIND, "(where's|where is|where are) [the|our|a] <document>"),
    (Asks.CARD, Certainty.IF_NAME, "<document>"),
)

_WORDS["NUMBER"] = "|".join([*map(str, range(1, 31)), "two", "three", "four", "five", "ten", "few"])

FORMS = tuple((asks, sure, Form(text, _WORDS)) for asks, sure, text in _TEXTS)
"""What each form asks, the likeliest first."""
GENERIC_KIND = Form("GENERIC", _WORDS)
