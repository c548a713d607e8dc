"""Small talk, and questions about the bot itself.

A message is talk only if phrases of talk cover all of it, so anything that may be a question about
the documents is none: "who are you?" is talk, and "who are you allowed to call?" is not. Where talk
stands before or after a question, as in "thanks, and what is the per diem?", it is cut off.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from index.answering.answer import QuestionKind, Reply, Says
from index.answering.scope import Found
from index.rewriting.english import AUXILIARY, IMPERATIVE, WH
from index.text import fold

__all__ = ["Talk", "answer_talk", "talk_in"]

_GOOD = (
    "(?:good|great|nice|cool|fine|awesome|amazing|perfect|excellent|brilliant|fantastic|wonderful"
    "|lovely|super|superb|helpful|useful|interesting|clear|clever|smart|funny|impressive|kind"
    "|sweet|correct|right|true|ok|okay|all|enough|it|what i needed|what i wanted|exactly it)"
)
_VERY = "(?:so|very|really|quite|pretty|super|just|all|much|more|most|too|truly|absolutely|also)"
_YOU = "(?:briefing bot|a tous|there|all|everyone|everybody|team|folks|guys|friends?|bot|robot|mate|buddy|again|world)"
_TODAY = "(?:today|tonight|this morning|this evening|these days|now|doing)"
_BOT = (
    "(?:a |an |the |some kind of |just |only |really |real |actually |even |still )*(?:bot|chatbot"
    "|robot|human|human being|person|machine|computer|program|software|ai|llm|language model|ghost"
    "|chatgpt|gpt|assistant|real|alive|sentient|man|woman|people)(?: or (?:a |an )*(?:real )?"
    "(?:bot|chatbot|robot|human|person|machine|computer|ai))*"
)
_THIS_BOT = "(?:this|the|that|our)(?: briefing)? (?:bot|chatbot|thing|assistant|tool|app|channel)"
_KNOWLEDGE = (
    "(?:your |the |all |this |that |these |those )*"
    "(?:answers?|information|info|facts|knowledge|data|replies|quotes?|sources|content)"
)

_PHRASES = {
    Says.HELP: (
        "(?:i have|ive got|got|can i ask you) (?:a |an |another |some |a few )?(?:quick |short )?questions?",
        "(?:please )?help(?: me)?(?: please| out| out please| menu| page| commands)?",
        "what(?: is|s|re| are) your (?:purpose|job|role|function|task|goal|use|mission)s?",
        "how to (?:use|ask|work with) (?:you|this|questions here)|how to use",
        "(?:i )?(?:need|want|could use) (?:some |a bit of |your )?help",
        "(?:can|could|will|would) you (?:please )?help(?: me| us)?(?: out)?",
        "(?:how|what) (?:can|could|do|would) you (?:help|assist)(?: me| us| with)*",
        "what (?:(?:else )?(?:can|could|do|are) you|you can|all can you) (?:able to )?do"
        "(?: for (?:me|us)| here)?",
        "what (?:are you good|are you|is this|are you here|is (?:this|the) bot) (?:good )?for",
        "what (?:else |sort of things |kind of things |things |questions |kind of questions |all )?"
        "(?:can|could|may|should|do) (?:i|we) ask(?: you| here)?(?: about)?",
        f"how (?:do|can|should|does) (?:i|we|one) (?:use|ask|talk to|work with|query) (?:you|{_THIS_BOT})",
        "how (?:do|can|should) (?:i|we) ask (?:you )?(?:a |an )?questions?",
        "(?:show|list|tell)(?: me)? (?:all |your |the )*(?:commands|options|features|abilities)",
        "(?:which|what)(?: are (?:the|your))? (?:commands|features|abilities|skills|capabilities)"
        "(?: (?:are there|do you have|do you know|can i use|exist))?",
        "(?:commands|usage|instructions please|your capabilities)",
        "what do you (?:know|do)(?: here)?",
        "(?:do|can) you (?:speak|understand|know) (?:german|french|spanish|norwegian|swedish"
        "|ukrainian|polish|italian|other languages|any other language|my language|english)",
        "(?:which|what) languages? (?:do|can) you (?:speak|understand|know)",
        "(?:i (?:do not|dont) know (?:how to use (?:you|this)|what to (?:ask|do)))",
        "(?:hilfe|ayuda|aide moi|hjelp|hjalp|apua|pomocy)",
    ),
    Says.WHO: (
        "(?:so |but |and )?(?:who|what)(?: exactly| the hell| on earth)? (?:are|is) you(?: exactly| anyway| then)?",
        "who is this",
        f"(?:who|what) (?:is|are) {_THIS_BOT}",
        "(?:what is|whats|tell me|say) your name",
        "(?:what (?:do|should|can|shall) (?:i|we) call you|do you have a name)",
        f"are you {_BOT}",
        "is (?:this|there) (?:an? )?(?:real |actual )*(?:bot|chatbot|robot|human|ai|llm|chatgpt)"
        "(?: (?:here|behind (?:this|it)|answering))*",
        f"(?:am i|are we) (?:talking|speaking|chatting|writing) (?:to|with) {_BOT}",
        "who(?:m)? (?:am i|are we) (?:talking|speaking|chatting|writing) (?:to|with)",
        f"(?:youre|you are) {_BOT}",
        "(?:please )?introduce yourself(?: please)?",
        "(?:please )?tell (?:me|us) (?:something |a bit |a little |more )?about yourself",
        "who (?:made|built|created|wrote|programmed|developed|runs|owns|designed|invented) you",
        f"who (?:made|built|created|wrote|programmed|developed|runs) {_THIS_BOT}",
        "(?:where are you from|how old are you|where do you live|do you have (?:feelings|a soul))",
        "(?:wer bist du|quien eres|qui es tu|hvem er du|vem ar du|kim jestes)",
    ),
    Says.HOW: (
        "(?:so |and )?how do you (?:work|function|operate|do (?:it|that|this))(?: exactly| then)?",
        f"how does {_THIS_BOT} (?:work|function|answer|find things)",
        "(?:please )?explain how you work",
        f"how (?:do|did|can) you (?:find|get|know|choose|make|produce|come up with|generate)"
        f" (?:{_KNOWLEDGE}|things|all that|all this|everything|so much)",
        "how do you (?:answer(?: questions| me| us)?|know(?: things)?|decide what to (?:say|show))",
        f"(?:where|from where) do(?:es)? (?:you|{_THIS_BOT}) (?:get|take|have|find|pull|draw)"
        f" (?:{_KNOWLEDGE}(?: from)?|(?:it|this|that|all this|everything) from)",
        f"where (?:do|does|did|is|are) your {_KNOWLEDGE} (?:come |coming )?from",
        f"(?:what|which) (?:is|are) (?:your )(?:{_KNOWLEDGE}|source)",
        f"what (?:is|are) your {_KNOWLEDGE} based on",
        "what (?:are you|is this|do you) (?:based|base (?:your answers|this|that)) on",
        "(?:what|which) (?:sources|data|model|ai|llm|technology|language model) (?:do|are) you"
        " (?:use|using|run on|have|based on|running on|search|look at)",
        "(?:do|are) you (?:use|using|based on|powered by|run on) (?:an? |any )?"
        "(?:ai|chatgpt|gpt|llm|language model|the internet|google|machine learning)",
        "(?:do|can|could|would|are) you (?:ever |just |sometimes |always )?(?:make things up|make"
        " (?:stuff|it|this) up|lie|lying|hallucinate|guess|guessing|make mistakes|making things up"
        "|search the (?:web|internet)|google|access the internet|learn from (?:me|us|this)"
        "|remember (?:me|us|things|what i say|what i said)|store (?:my|our) questions)",
        "(?:can|should|may) (?:i|we) (?:trust|rely on|believe) you(?:r answers)?",
        "how (?:accurate|reliable|good|smart|clever|trustworthy|sure) are (?:you|your answers)",
        "are you (?:reliable|accurate|always (?:right|correct)|trustworthy|safe to use)",
    ),
    Says.NO_MATTER: (
        f"(?:i am |im |oh |oops )*{_VERY}? ?(?:sorry|sry)(?: about (?:that|this)| for (?:that|this|the"
        " (?:confusion|trouble|typo|delay|noise|question|spam))| to bother(?: you)?| my (?:bad"
        "|mistake|fault))?",
        "(?:my (?:bad|mistake|apologies|fault)|oops+|ooops|whoops|apologies|i apologi[sz]e|pardon"
        "(?: me)?|excuse me|forgive me|i take that back|that was (?:my (?:fault|mistake|bad)))",
        "(?:sorry )?(?:wrong (?:channel|chat|window|room|thread)|that was (?:not )?meant for"
        " (?:you|someone else)|ignore (?:that|me|this)(?: please)?)",
        "(?:entschuldigung|perdon|lo siento|desole|beklager|forlat|anteeksi|przepraszam)",
    ),
    Says.APOLOGY: (
        "(?:(?:that|this|it) (?:(?:did|does|is|was|has)(?: ?not|nt)(?: very| really| at all| been)*)"
        " (?:help(?:ful|ed)?|useful|good|work|working|what i (?:asked|meant|wanted|need(?:ed)?)"
        "|right|correct|it)(?: me)?(?: at all)?)",
        "(?:not (?:very |really |at all )*(?:helpful|useful|good)|useless|rubbish|nonsense|garbage"
        "|bullshit|what (?:a|utter) (?:nonsense|rubbish)|terrible|awful|lame)",
        f"(?:bad|stupid|dumb|silly|useless|terrible|idiot) (?:bot|answer|thing|machine|robot)",
        f"you (?:are|re) (?:{_VERY} )*(?:a )?(?:useless|stupid|dumb|bad|terrible|wrong|no help|annoying"
        "|idiot|hopeless|slow)",
        "youre (?:so |very |really )*(?:useless|stupid|dumb|bad|terrible|wrong|no help|annoying)",
        "(?:i (?:hate|dislike) (?:you|this bot)|you (?:suck|dont understand(?: me)?|do not understand"
        "(?: me)?|know nothing|got it wrong|didnt (?:help|answer)(?: me| my question)?|never help))",
    ),
    Says.THANKS: (
        "(?:ok |many |lots of |a thousand |big |huge |no |so )?(?:thanks|thx|thank you|thankyou|tnx|thnx|thanx|thks|ty"
        "|tysm|tyvm|tyty|thnks|thaks|cheers|ta|kudos|props)"
        f"(?: (?:a|so|very|lot|lots|bunch|ton|tons|million|much|kindly|again|indeed|you|in"
        f"|advance|to you|{_YOU}))*",
        f"(?:i |we )?(?:{_VERY} )*(?:much |highly |greatly )?appreciated?(?: (?:it|that|this|your help"
        "|the help|all your help|the quick (?:reply|answer)))?",
        f"(?:good|great|nice|excellent|amazing|awesome|fantastic) (?:bot|job|work|answers?)",
        "(?:well done|bravo|good on you|nicely done|you (?:rock|legend|star|hero|genius))",
        f"(?:you are|youre) (?:{_VERY} )*(?:a |an |the )*(?:{_GOOD}|star|genius|legend|best|life ?saver"
        "|hero|rock)(?: bot)?",
        f"(?:that|this|it)(?: has| was| is| has been|s)?(?: been)? (?:{_VERY} )*"
        "(?:of )?(?:a )?(?:great |big |huge )?help(?:s|ed|ful)?(?: me)?(?: a lot| a bit)?",
        "i (?:love|like) (?:you|it|this bot|that|this)",
        "(?:danke(?: schon| sehr)?|vielen dank|merci(?: beaucoup)?|(?:muchas )?gracias|(?:mille )?"
        "grazie|obrigad[oa]|tack (?:sa mycket|ska du ha)|tusen takk?|takk(?: skal du ha)?|tak skal du have|mange tak"
        "k?|kiitos|dziekuje|dzieki|dank (?:je|u)(?: wel)?|bedankt|spasibo|dyakuyu|diakuiu|спасибо"
        "|дякую|дуже дякую|teşekkurler|arigato|shukran|efharisto|dekuji|hvala|mulțumesc|aitah)",
    ),
    Says.FAREWELL: (
        "(?:(?:good ?bye|bye(?: bye)?|byebye)(?: for now)?|cya|ttyl|tty[sl]|laters|farewell|gn|so long|toodles"
        "|over and out|signing off|logging off|adios|ciao|tschuss|tschu|auf wiedersehen|au revoir"
        "|arrivederci|ha det(?: bra)?|hej da|do widzenia|do pobachennya|до побачення|до свидания"
        "|tot ziens|hasta (?:luego|la vista|manana)|nakemiin|vi ses|vi snakkes)",
        f"(?:good|have a good) ?night(?: {_YOU})?",
        "(?:see|catch|talk to|speak to|cu|c) (?:you|ya)(?: (?:all|later|soon|tomorrow|around|then"
        "|guys|next (?:week|time)|on monday|again))*",
        "(?:take care|until next time|until (?:tomorrow|then|later)|till (?:tomorrow|later))",
        "(?:have|enjoy) (?:a |your |the )(?:very )?(?:nice |good |great |lovely |pleasant |safe )*"
        "(?:rest of (?:the|your) )?(?:day|evening|weekend|one|night|trip|time|afternoon|week)"
        f"(?: {_YOU})?",
        "(?:(?:ive|i have|i|we) )?(?:got to|gotta|must|have to|need to|should) (?:go|run|leave)(?: now)?",
        "(?:im|i am) (?:off|leaving|done(?: for (?:today|now))?|heading (?:out|home))(?: now| then)?",
    ),
    Says.GREETING: (
        f"(?:oh |well |and )?(?:hi|hello|hey|heya|hiya|hullo|hallo|yo|howdy|greetings|salutations|aloha|ahoy|helo|hllo"
        f"|hii|hay there|hola|bonjour|bonsoir|salut|salam|namaste|moin|servus|gruezi|hei|hej|heisann"
        f"|halla|ciao ciao|czesc|dzien dobry|pryvit|привет|привіт|здравствуйте|добрий день"
        f"|добрый день|guten (?:tag|morgen|abend)|god (?:morgon|morgen|dag|kveld|kvall|aften)"
        f"|goedemorgen|goedendag|hoi|buenos dias|buenas(?: tardes| noches)?|buongiorno|bom dia|ola"
        f"|terve|moi|merhaba|shalom)(?: {_YOU})*",
        f"(?:a )?(?:very )?(?:good|gud) (?:morning|day|afternoon|evening)(?: to you)?(?: {_YOU})*",
        f"(?:morning|mornin|gm|gday|top of the morning)(?: to you)?(?: {_YOU})*",
        f"(?:so |and )?how (?:are|is|r) (?:you|things|it going|everything|everyone|your day|life)"
        f"(?: going)?(?: {_TODAY}| {_YOU})*",
        f"(?:hows|how is) (?:it|things|everything|life|your day)(?: (?:going|{_TODAY}))*",
        "(?:whats|what is|wats|wazz|wass)(?: ?up| new with you| happening)|sup|wassup|whatsup|wazzup",
        "how (?:do you do|have you been|was your (?:day|weekend))",
        "(?:nice|good|great|pleased|happy|lovely) (?:to (?:meet|see) you|seeing you)(?: (?:too|again))?",
        "(?:are you|(?:is )?any(?:one|body)|you|who is|hello) (?:still )?(?:there|here|awake|online"
        "|home|working|around|up|ready|alive)(?: bot)?",
        "(?:ping|test(?:ing)?(?: (?:test(?:ing)?|1 2(?: 3)?|one two(?: three)?))*|this is a test"
        "|just testing|can you (?:hear|read|see) me)",
        "(?:welcome back|im (?:back|new(?: here)?)|i am (?:back|new here)|its me(?: again)?"
        "|im here)",
        "(?:tell me a (?:joke|story)|sing (?:me )?a song)",
        "(?:happy|merry) (?:new year|christmas|easter|holidays|birthday|friday|monday)(?: to you)?"
        f"(?: {_YOU})*",
    ),
    Says.AGREEMENT: (
        "(?:ok|okay|oki|okey|okie|okey dokey|okie dokie|okeydokey|oke|kk?|k|okok|alright|allright|all right|aight"
        "|very well|(?:all |very )?(?:good|clear)|gotcha|understood|noted|roger(?: that)?|copy"
        " that|acknowledged|ack|affirmative|will do|done|sure(?: thing)?|of course"
        "|certainly|absolutely|definitely|exactly|precisely|indeed|agreed|true|right|correct|fine"
        "|yes|yep|yeah|yea|yup|ja|jep|jo|oui|si|tak|так|ага|da|no|nope|nah|nay|nein|non"
        "|not really|not now|maybe|perhaps|whatever|never ?mind|nvm|forget (?:it|about it)"
        "|nothing|no worries|no problem|np|no need|dont worry|youre welcome|you are welcome|yw"
        "|de rien|bitte|klar|genau|alles klar|vale|d'accord|daccord|va bene|voila)",
        "(?:cool|great|nice|perfect|awesome|amazing|excellent|brilliant|fantastic|wonderful|lovely"
        "|super|superb|sweet|neat|wow|whoa|woah|wow nice|wonderbar|wunderbar|super duper|impressive"
        "|interesting|fascinating|funny|dope|epic|splendid|marvellous|terrific|fab"
        "|good stuff|hooray|hurray|yay|woohoo|woo|bingo|bam|boom|omg|oh my god|damn|wtf)",
        "(?:lol|lmao|rofl|(?:ha){2,}h?|(?:he){2,}h?|hihi|xd|haha|ha|heh|jaja(?:ja)*)",
        "(?:oh|ah|aha|ahh?|uh huh|mm+|hm+|mhm|huh|ohh?|ooh|aww?|oh wow|phew|meh|ugh|um+|uh|er)",
        "(?:i (?:see|understand|get it|got it|know(?: that)?|agree|guess(?: so)?|think so|hope so"
        "|suppose(?: so)?|thought so)|got (?:it|that|you)|makes(?: perfect| total)? sense"
        "|(?:that|it) (?:makes|made)(?: perfect| total| a lot of)? sense|fair (?:enough|point)|sounds"
        f" {_GOOD}|(?:looks|seems|works) {_GOOD}|works for me|good to (?:know|hear)|point taken"
        "|good (?:point|question|idea|call|thing)|as (?:expected|i thought)|im (?:good|fine|ok|okay)"
        "|let me (?:think|see|check)(?: about it)?|one (?:moment|second|sec)|brb|just a (?:moment|second"
        "|sec)|now i (?:get it|see|understand)|so it is|thats what i thought|just kidding|jk)",
        f"(?:thats|that is|that was|this is|this was|its|it is|it was) (?:{_VERY} )*"
        f"(?:a |an |the )?{_GOOD}(?: (?:answer|news|idea|one|to (?:know|hear)|thing|point|stuff))?",
        "(?:nice|great|good|cool|awesome) (?:one|stuff|news|thing)",
        "(?:that )?answers (?:my|the) question",
        "(?:thats|that is|that was|that will be) (?:it|all|everything)(?: (?:for (?:now|today|me)"
        "|from me|i (?:need|needed|wanted)(?: to know)?))?",
    ),
}
"""Patterns of folded words, without apostrophes."""
_TO_THE_END = {
    Says.THANKS: (
        "(?:many |big |lots of |ok )?(?:thanks|thank you|thx|cheers|ty|i appreciate|kudos)(?: a lot| so much| very much"
        "| (?:so )?(?:very )?much)? for(?! (?:what|which|who|whom|when|where)\\b)(?: \\w+){1,7}",
        "i appreciate (?:your|the|all|that|this)(?: \\w+){1,4}",
    ),
    Says.HOW: (
        "how (?:do|did|can) you (?:find|get|know) (?:this|that|all this|all that|it)(?: stuff)?",
    ),
    Says.AGREEMENT: (f"(?:how|what an?) (?:{_VERY} )*{_GOOD}(?: \\w+)?",),
}
"""Patterns that only count where they reach the end of their clause, and no "?" is there."""

_FILLERS = frozenset(
    "then so well oh ah um uh hmm hm now again too also very much really just and but please"
    " anyway anyways still my dear sir madam man dude bro mate buddy pal friend friends bot robot"
    " chatbot all everyone everybody folks guys team there ok okay amigo amigos"
    " today yes yeah yep no".split()
)
_STANDS_FOR = {
    **dict.fromkeys(("u", "ya", "yu", "yuo"), "you"),
    **{"r": "are", "ur": "your", "pls": "please", "plz": "please", "plss": "please"},
    **{"whos": "who is", "wat": "what", "wht": "what", "wut": "what", "cn": "can", "hw": "how"},
    **{"thnak": "thank", "thak": "thank", "tahnk": "thank", "hlep": "help", "hepl": "help"},
    **{"hwo": "how", "whi": "who", "oyu": "you", "thabks": "thanks", "thansk": "thanks"},
    **{"cu": "see you", "cus": "see you"},
    **{"goodmorning": "good morning", "goodnight": "good night", "gracias": "gracias"},
    **{"gud": "good", "mornin": "morning", "tks": "thanks", "thnaks": "thanks", "alot": "a lot"},
    **{"tahnks": "thanks", "thx": "thanks", "heelo": "hello", "hellow": "hello", "nite": "night"},
}
_ORDER = (
    Says.HELP,
    Says.WHO,
    Says.HOW,
    Says.THANKS,
    Says.FAREWELL,
    Says.APOLOGY,
    Says.NO_MATTER,
    Says.GREETING,
    Says.AGREEMENT,
)
"""Which of several is replied to."""
_SOFTENING = re.compile(r"\b(?:exactly|actually|please|really|just|kindly|even|precisely) ?\b")
_WRAPPING = re.compile(
    r"^(?:(?:can|could|would|will) you )?(?:(?:tell|show|explain to) (?:me|us) )?(?=\w)"
)
_THE_BOT = re.compile(_THIS_BOT.replace("|that", "") + r"\b")
_TAG = frozenset("right correct no yes ok okay then".split())
_LONGEST_PHRASE = 14
"""Words."""
_MOST_PIECES = 60
"""Words and marks of a message that may be talk or hold talk."""
_NEVER_ASKED = frozenset({Says.AGREEMENT, Says.FAREWELL})
"""With a "?" behind them they ask something: "ok?", "fine?"."""
_CORRECTING = frozenset("no nope nah nein not sorry actually wait oops".split())
"""Before anything but a question, these correct what was said: "no, the other depot"."""
_ABOUT_THE_BOT = frozenset({Says.HELP, Says.WHO, Says.HOW})
_INTERJECTED = frozenset({Says.GREETING, Says.THANKS, Says.AGREEMENT, Says.APOLOGY, Says.NO_MATTER})
"""What may stand before a question without punctuation: "ok who signs the claims"."""
_JOINING = frozenset({"and", "but", "so"})
_BEGINS = WH | AUXILIARY | IMPERATIVE | _JOINING | {"whats", "wheres", "hows"}
_MENTION = re.compile(r"<[@#][!&]?\d+>|<a?:\w+:\d+>|@[\w.]+(?: ?bot\b)?|:[a-z_]+:", re.IGNORECASE)
_PIECE = re.compile(r"[^\W_]+(?:['’‘`´.-][^\W_]+)*|\n|[^\w\s]+")
_PAUSE = frozenset(",.!?;:…\n-–—()")
_SMILEY = re.compile(r"[:;=8xX][-'^o]?[)(DPp/\\|*3]+(?!\w)|<3|\^\^|\^_\^|\\o/|[oO]7")
_RUN = re.compile(r"(.)\1+")
_EDITED_FROM = 6
"""Letters of a word that may have another typing error than two letters in the wrong order."""


@dataclass(frozen=True, slots=True)
class Talk:
    """The talk in a message: what it `says`, the most important first, and the `rest` of it."""

    says: tuple[Says, ...]
    rest: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word of a message in its usual form, or "|" for punctuation, with its place."""

    word: str
    text: str
    start: int
    end: int


def answer_talk(question: str) -> Found | None:
    """Return the reply to small talk; None for anything that may be a question."""
    talk = talk_in(question)
    if not talk.says or talk.rest:
        return None
    reply = Reply(talk.says[0])
    return Found(QuestionKind.TALK, confidence=1.0, replies=(reply,))


def talk_in(message: str) -> Talk:
    """Return the talk of a message and the question that is left of it.

    Greetings and the like before a question are cut off in silence: `says` has only what asks for
    a reply of its own, such as "who are you?".
    """
    pieces = _pieces(message)
    if len(pieces) > _MOST_PIECES:
        return Talk((), message)
    line = " ".join(piece.word for piece in pieces)
    starts = _starts(pieces)
    at, said = _covered(pieces, line, starts)
    if at == len(pieces):
        return Talk(tuple(sorted(set(said), key=_ORDER.index)), "" if said else message)
    end = _without_ending(pieces, line, starts, at)
    first = next((piece.word for piece in pieces if piece.word != "|"), "")
    if first in _CORRECTING and at < len(pieces) and pieces[at].word not in _BEGINS:
        at = 0
    begin = pieces[at].start if at else 0
    rest = message[begin : pieces[end - 1].end] if end < len(pieces) else message[begin:]
    replied = [says for says in _ORDER if says in said and says in _ABOUT_THE_BOT]
    return Talk(tuple(replied), rest.strip() or message)


def _covered(pieces: Sequence[_Piece], line: str, starts: Sequence[int]) -> tuple[int, list[Says]]:
    """Return how many pieces are talk, from the first on, and what they say.

    All pieces are, or the count ends where a question begins.
    """
    at, cut = 0, 0
    said: list[Says] = []
    said_at_cut: list[Says] = []
    last: Says | None = None
    while at < len(pieces):
        if pieces[at].word == "|":
            at += 1
            cut, said_at_cut = at, list(said)
            continue
        begins = pieces[at].word in _BEGINS
        joined = at > cut and pieces[at - 1].word in _JOINING
        if begins and not joined and (last is None or last in _INTERJECTED):
            cut, said_at_cut = at, list(said)
        says, length = _longest(line, starts, pieces, at)
        if says is not None:
            said.append(says)
            last = says
            at += length
        elif last in _ABOUT_THE_BOT and pieces[at].word in _TAG and at + 2 >= len(pieces):
            at += 1
        elif pieces[at].word in _FILLERS or (last and _is_addressed(pieces, at)):
            at += 1
        else:
            break
    else:
        return at, said
    return (cut, said_at_cut) if said_at_cut else (0, [])


def _longest(
    line: str, starts: Sequence[int], pieces: Sequence[_Piece], at: int
) -> tuple[Says | None, int]:
    """Return the intent of the longest phrase at a piece, and how many pieces it takes."""
    stop = next((n for n in range(at, len(pieces)) if pieces[n].word == "|"), len(pieces))
    asks = stop < len(pieces) and "?" in pieces[stop].text
    for end in range(min(stop, at + _LONGEST_PHRASE), at, -1):
        phrase = line[starts[at] : starts[end] - 1]
        forms = {phrase, _plainly(phrase)}
        for says, pattern in _patterns(end == stop and not asks).items():
            if any(map(pattern.fullmatch, forms)) and not (
                says in _NEVER_ASKED and asks and end == stop
            ):
                return says, end - at
    return None, 0


def _plainly(phrase: str) -> str:
    """Return a phrase as it is said to "you", without what softens it."""
    said = _WRAPPING.sub("", _SOFTENING.sub("", _THE_BOT.sub("you", phrase)))
    said = said.replace("is you", "are you").replace("does you", "do you")
    return said.replace("whats you", "what are you") or phrase


def _is_addressed(pieces: Sequence[_Piece], at: int) -> bool:
    """Return whether a piece is the name of who is greeted or thanked: "thanks Anna!"."""
    after = pieces[at + 1] if at + 1 < len(pieces) else None
    ends = after is None or (after.word == "|" and "?" not in after.text)
    is_name = pieces[at].text[:1].isupper() and pieces[at].text.isalpha()
    return ends and is_name and at > 0 and pieces[at - 1].word != "|"


def _without_ending(pieces: Sequence[_Piece], line: str, starts: Sequence[int], begin: int) -> int:
    """Return where the question ends: before talk that follows it behind punctuation."""
    for at in range(len(pieces) - 1, max(begin, len(pieces) - _LONGEST_PHRASE), -1):
        if pieces[at - 1].word != "|" or pieces[at].word == "|":
            continue
        covered, said = _covered(pieces[at:], line[starts[at] :], _starts(pieces[at:]))
        if covered < len(pieces) - at or not said:
            break
        if set(said) & _ABOUT_THE_BOT:
            break
        if not set(said) - {Says.AGREEMENT}:
            break
        if not any(piece.word != "|" for piece in pieces[begin:at]):
            break
        return at
    return len(pieces)


def _starts(pieces: Sequence[_Piece]) -> list[int]:
    starts = [0]
    for piece in pieces:
        starts.append(starts[-1] + len(piece.word) + 1)
    return starts


def _pieces(message: str) -> list[_Piece]:
    def blank(match: re.Match[str]) -> str:
        return " " * len(match.group())

    text = _SMILEY.sub(blank, _MENTION.sub(blank, message))
    pieces: list[_Piece] = []
    for match in _PIECE.finditer(text):
        typed, start, end = match.group(), match.start(), match.end()
        if not typed[0].isalnum():
            pauses = set(typed) & _PAUSE or any(unicodedata.category(c) == "So" for c in typed)
            if pauses:
                pieces.append(_Piece("|", typed, start, end))
            continue
        for word in _usual(re.sub("['’‘`´]", "", fold(typed))).split():
            pieces.append(_Piece(word, typed, start, end))
    return pieces


@cache
def _patterns(ends: bool) -> dict[Says, re.Pattern[str]]:
    return {
        says: re.compile("|".join([*phrases, *(_TO_THE_END.get(says, ()) if ends else ())]))
        for says, phrases in _PHRASES.items()
    }


@cache
def _known() -> frozenset[str]:
    words = {w for phrases in _PHRASES.values() for p in phrases for w in re.findall(r"\w+", p)}
    return frozenset(words | _FILLERS | {"thanks", "apologise", "helps", "helpful", "helped"})


def _usual(word: str) -> str:
    """Return the word as it is usually written: without its long letters and its typing errors."""
    if word in _STANDS_FOR:
        return _STANDS_FOR[word]
    known = _known()
    if word in known or not word.isalpha() or len(word) > 30:
        return word
    for shorter in _shortened(word):
        if shorter in known or shorter in _STANDS_FOR:
            return _STANDS_FOR.get(shorter, shorter)
    if len(word) >= 4:
        for at in range(1, len(word) - 1):
            swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            if swapped in known and len(swapped) > 3:
                return swapped
    if len(word) >= _EDITED_FROM:
        near = [other for other in known if _is_one_edit(word, other)]
        if len(near) == 1:
            return near[0]
    return word


def _shortened(word: str) -> Iterator[str]:
    """Yield the word with each run of a letter once or twice: "hellooo", "cooool"."""
    runs = [match for match in _RUN.finditer(word)]
    if not runs or len(runs) > 4:
        return
    for lengths in product((2, 1), repeat=len(runs)):
        shorter, last = "", 0
        for run, length in zip(runs, lengths, strict=True):
            shorter += word[last : run.start()] + run[1] * length
            last = run.end()
        yield shorter + word[last:]


def _is_one_edit(word: str, other: str) -> bool:
    """Return whether one letter too many, too few or another makes a word of the other."""
    if len(other) < _EDITED_FROM or abs(len(word) - len(other)) > 1 or word[0] != other[0]:
        return False
    at = next((n for n, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), len(other))
    return word[at + (len(word) >= len(other)) :] == other[at + (len(other) >= len(word)) :]
