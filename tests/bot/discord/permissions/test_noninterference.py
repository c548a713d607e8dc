"""A search for a hidden document that changes a byte of what an outsider sees.

The outsider does all that can be done, in two worlds that differ by hidden documents alone.
"""

from __future__ import annotations

import asyncio
import re
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import pytest
import simcord
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.access import CLOSED, OPERATOR, Audience, Person, Policy
from bot.chat.admission import AdmissionLimits
from bot.chat.question import ChatQuestion
from bot.config.guilds import GuildSettings
from bot.config.settings import Settings
from bot.discord.cogs.administering.adding import ADD_TO_DOCUMENTS
from bot.discord.cogs.administering.gaps import GAPS_NOT_KEPT
from bot.discord.cogs.administering.uploads import UPLOAD_THESE
from bot.discord.cogs.looking_up.digests import Digests
from bot.discord.cogs.looking_up.sources import FIND_SOURCES
from bot.discord.cogs.looking_up.watches import Watches, watch_on
from bot.discord.gateway.client import BriefingBot
from bot.discord.ui.ages import age_of
from bot.discord.ui.answers.more_rows import as_they_stand
from bot.discord.ui.answers.rolled_up import LONGEST_ABOUT
from bot.discord.ui.documents.overdue import Steward, overdue_page
from bot.discord.ui.documents.successions import proposals_on, successions_page
from bot.errors import NotAllowed
from bot.exports import ExportFormat, export_list
from bot.library import Changes, key_of
from bot.records import Kind, Mark
from bot.services import Services
from index.answering.list_requests import Lists, RollUpRequest
from index.comparing.stretches import stretches
from index.decisions import Decisions, Review
from index.document import Document, Span
from index.errors import BriefingError
from index.picturing.picture import Picture
from index.picturing.process import Drawing
from testing.budget import HARDENING, amount
from testing.command import reindexer_of
from testing.layouts import buttons_of
from testing.services import bot_of, services_of, write_corpus
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.actions import replay
from tests.bot.discord.helpers.visible_text import seen
from tests.bot.observing.asked import Unchanging

pytestmark = pytest.mark.search

WORDS = "convoy bread depot diesel crane lease roof harbour mast ferry Olga Karsk".split()
CANARY = "zanzibar"
"""Stands in each hidden document, and nowhere else."""
OUTSIDER, ROLE = Person(1, at_home=True), 77
NOBODY, TODAY = Steward(False, 1, frozenset(), lambda _: frozenset()), date(2026, 6, 30)
POLICY = Policy(
    audiences={"few": Audience(roles=frozenset({ROLE}))},
    folders=(
        ("hidden/", Audience(roles=frozenset({ROLE}))),
        ("none/", CLOSED),
        ("a/", CLOSED),
    ),
    path=Path("policy.toml"),
)

KINDS = (
    *("which documents mention {}?", "how many documents mention {}?", "who wrote {}?"),
    *("what do you have?", "how many documents are there?", "what is the latest document?"),
    *("what is new since 2026?", "what is new since May 2026?", "is {} still current?"),
    *("send me the {} brief", "summarise {}", "what is {} about?", "key points of {}"),
    *("how many litres does {} take?", "which {} is the cheapest?", "sum of the litres"),
    *("litres of {}", "difference between {} and {}", "list all {}", "what was decided on {}?"),
    *("what happened in May 2026?", "does {} say so?", "what about {}?", "and {}?", "{}"),
    *("tell me more", "why?", "are you sure?", "I meant {}", "the other one", "anything else?"),
    *("everywhere we mention {}", "what do we say about {}?", "all deadlines in May 2026"),
    *("every figure on {}", "list all decisions", "list every phone number", "all dates on {}"),
    *("what changed since May 2026?", "which documents changed?", "what changed in the {} brief?"),
    *("do our documents agree on {}?", "are there contradictions about {}?"),
    *("compare the {} brief with the {} plan", "what is new since my last visit?"),
    *("since when is {} {}?", "is version 2 of the {} plan still valid?", "was {} always {}?"),
    *("who confirmed the {} plan?", "is the {} plan of 2026 still valid?"),
    *("who is {} this week?", "list deadlines", "deadlines on {}", "who do i call for {}?"),
    *("how much is {}?", "which {} are {}?"),
    *("how many litres of {} do we have?", "may i take {} inside?", "when was {} repaved?"),
    *("what does {} say about {}?", "who signs {} and where is {}?", "thanks!", "who are you?"),
    *("since when?", "from when is {} {}?", "what was {} before version 2?", "and before her?"),
    *("is there {}?", "no, the other {}", "and warm?", "early?", "that day", "I am in {}"),
    *('when I say "{}", I mean {}', "who runs {}?", "e-mail of {}", "salary of the {}"),
    *("which {} expires first?", "how much more {} than {}?", "fewer than 50 litres"),
    *("what changed in the {} brief between version 1 and 2?", "asdf {}"),
    *("which documents are due for review?", "which {} has been inspected last?", "zqx {}"),
)
"""Questions of all kinds; a word or a name stands in each gap."""
SENTENCES = st.lists(st.sampled_from(WORDS), min_size=2, max_size=8).map(" ".join)
TEXTS = st.lists(SENTENCES, min_size=1, max_size=4).map(
    lambda parts: "".join(f"\n\n{part.capitalize()}." for part in parts)
)
QUESTIONS_OF_ALL_KINDS = st.builds(
    lambda kind, one, other: kind.format(one, other),
    st.sampled_from(KINDS),
    st.sampled_from(WORDS),
    st.sampled_from(WORDS),
)
ROWS = st.lists(st.tuples(st.sampled_from(WORDS), st.integers(1, 99)), max_size=3)
DATES = st.sampled_from(["", "2025-06-01", "2026-05-12", "2026-05-30"])


def table_of(rows: list[tuple[str, int]]) -> str:
    lines = "".join(f"| {word} | {number} litres |\n" for word, number in rows)
    return f"\n\n## Stock\n\n| What | Takes |\n| --- | --- |\n{lines}" if rows else ""


@st.composite
def documents(draw: st.DrawFn, hidden: bool) -> dict[str, str]:
    """Return documents of the same words, so that hidden ones would win, tie or be near."""
    found = {}
    for number in range(draw(st.integers(1, 3))):
        title, text = draw(SENTENCES), draw(TEXTS)
        name = f"{draw(st.sampled_from(WORDS))}-{number}.md"
        fields = [f"date: {day}"] if (day := draw(DATES)) else []
        fields += [f"review: {day}"] if (day := draw(DATES)) else []
        fields += [f"owner: {draw(st.sampled_from(WORDS))}"] if draw(st.booleans()) else []
        if hidden:
            text += f" {draw(SENTENCES)} {CANARY}."
            place = draw(st.sampled_from(["hidden/", "none/", "", "deep/hidden/"]))
            name = f"{place}{name}" if place in ("hidden/", "none/") else f"{place}x{name}"
            if place not in ("hidden/", "none/"):
                written = draw(st.sampled_from(["few", "[few]", "nobody", "{few: 1}", "closed"]))
                fields.append(f"audience: {written}")
        head = "\n".join(["---", *fields, "---\n"]) if fields else ""
        found[name] = f"{head}# {title}{text}{table_of(draw(ROWS))}\n"
    return found


def letter(attached: Mapping[str, str]) -> str:
    """A mail that everybody may see, whatever is attached to it."""
    mail = EmailMessage()
    mail["Subject"] = "The convoy of Karsk"
    mail["From"] = "Olga <olga@example.org>"
    mail.set_content("The ferry brings bread to the depot.\n")
    for name, text in attached.items():
        mail.add_attachment(text, subtype="plain", filename=name)
    return mail.as_string()


async def world(
    settings: Settings, *corpora: Mapping[str, str], before: Mapping[str, str] | None = None
) -> Services:
    if before:  # earlier versions, and documents that are gone by now
        write_corpus(settings.corpus, before)
        reindexer_of(settings).run()
        for name in before:
            (settings.corpus / name).unlink()
    for corpus in corpora:
        write_corpus(settings.corpus, corpus)
    reindexer_of(settings).run()
    return services_of(settings, policy=POLICY, limits=AdmissionLimits(per_minute=10_000))


def place_in(folder: Path, name: str) -> Settings:
    (folder / name / "corpus").mkdir(parents=True)
    return Settings(
        corpus=folder / name / "corpus",
        index=folder / name / "index",
        records=folder / name / "records",
        keep_questions_days=30,
    )


def asked(question: str, **more: Any) -> ChatQuestion:
    viewer_source = Unchanging(OUTSIDER)
    return ChatQuestion(
        question, person=1, guild=2, channel=3, viewer=OUTSIDER, viewer_source=viewer_source, **more
    )


class Sketches:
    """Draws nothing, and tells what it was to draw."""

    def text(self, part: Document, marks: Sequence[Span]) -> Picture:
        return Picture(repr((part, marks)).encode(), 1, 1)


async def all_that_is_seen(services: Services, questions: list[str]) -> list[object]:
    """Return all that a person sees, by every way that leads to documents."""
    found: list[object] = []
    services.libraries.drawing = cast("Drawing", Sketches())
    library = services.libraries.of(OUTSIDER)

    def look(work: Any, *arguments: Any) -> None:
        try:
            found.append(work(*arguments))
        except BriefingError as exc:
            found.append(str(exc))

    for question in questions:
        answered = await services.answering.answer(asked(question))
        response = answered.response
        shown = response.excerpts or response.closest
        found += [replace(response, generation=0, milliseconds={}), answered.rewritten]
        for number, choice in enumerate(response.choices, start=1):
            chosen = await services.answering.choose(
                asked(choice.question), answered.exchange, number
            )
            found.append(replace(chosen.response, generation=0, milliseconds={}))
        for lists in Lists:
            request = RollUpRequest(lists, question[:LONGEST_ABOUT])
            listed = await services.listing.rows(asked("", today=date(2026, 5, 20)), request, 1, 30)
            found += [
                replace(listed, generation=0),
                *(export_list(listed, form) for form in ExportFormat),
            ]
        _, result = await services.answering.search(asked(question, kind=Kind.SEARCH), 20)
        found += [(h.rank, h.score, h.passage.document, h.passage.text) for h in result.hits]
        found += [result.absent, result.is_none_said, as_they_stand(library, shown)]
        try:
            watch = await services.watching.begin(
                watch_on(answered.exchange, question, 1), Unchanging(OUTSIDER), date(2026, 6, 1)
            )
        except NotAllowed as exc:  # it does not stand alone
            found.append(str(exc))
        else:
            digests = (watch.baseline.gist, watch.baseline.units, watch.baseline.replaced)
            found += [watch.baseline.shown, watch.baseline.said, watch.baseline.world]
            found += map(sorted, digests)
        found.append(age_of(services, library, answered.exchange))
        look(library.suggest_documents, question)
        look(library.named, question)
        found += [library.locate(excerpt).status for excerpt in shown]
    for word in (*WORDS, CANARY, "hidden", "hidden/convoy-0.md", "none/depot-1.md"):
        look(library.suggest_documents, word)
        look(library.named, word)
        look(library.name_of, key_of(word))
        look(library.view, word, 1)
        look(library.page_picture, word, Span(0, 9))
        look(library.table_picture, word, Span(0, 9))
        look(library.rows, word)
        look(library.card, word)
        look(library.folders, word)
        look(library.find_folder, word)
    look(library.rows)
    names = [row.name for row in library.rows()]
    for name in names:
        look(library.page_picture, name, Span(0, 9))
    for parts in (
        overdue_page(library, NOBODY, TODAY, 1),
        successions_page(library, 1),
        proposals_on(library, names),
    ):
        found += parts
    look(library.folders)
    look(library.examples, 12, TODAY)
    found.append(await services.belonging.nearest(questions, OUTSIDER, Unchanging(OUTSIDER)))
    look(library.conflicts, Decisions(), date(2026, 6, 1))
    look(lambda: what_changed(library.changes()))
    return [re.sub(r"\d{4}-\d\d-\d\dT[\d:.+]+", "now", repr(one)) for one in found]


def decide_on_hidden(
    services: Services, public: Mapping[str, str], hidden: Mapping[str, str]
) -> None:
    """Decide what only who sees all may: that hidden documents replace others, and are wrong."""
    catalog = services.current.generation().catalog
    for old, new in zip(public, hidden, strict=False):
        services.records.decided.decide_succession(old, new, confirmed=True, person=None)
    for name in hidden:
        wrong = Review(catalog.sha256(name) or "", "2026-06-01", None, by_owner=True)
        services.records.decided.review(name, wrong, person=None)


def what_changed(changes: Changes) -> list[object]:
    """Return what became of the documents, and what they say otherwise than before."""
    found: list[object] = []
    for each in changes.since(datetime(2020, 1, 1, tzinfo=UTC)):
        found.append((each.name, each.title, each.became, each.before, each.times))
        comparison = changes.comparison(each)
        shown = stretches(comparison) if comparison else []
        found += [(one.relation, one.old_text, one.new_text, one.heading) for one in shown]
    return found


@settings(max_examples=amount(12), phases=[Phase.generate, Phase.target])
@given(
    documents(hidden=False),
    documents(hidden=True),
    st.lists(st.one_of(SENTENCES, QUESTIONS_OF_ALL_KINDS), min_size=1, max_size=5),
    st.booleans(),
    st.booleans(),
)
def test_a_hidden_document_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory,
    public: dict[str, str],
    hidden: dict[str, str],
    questions: list[str],
    later: bool,
    enclosed: bool,
) -> None:
    """It may be indexed together with the others, or after them, and be attached to a mail that
    all may see."""
    attached = {n: text for n, text in hidden.items() if enclosed and "\naudience:" in text}
    public = {**public, "letter.eml": letter({})}
    hidden = {n: text for n, text in hidden.items() if n not in attached}

    async def both() -> tuple[list[object], list[object], Services]:
        folder = tmp_path_factory.mktemp("worlds")
        without = await world(place_in(folder, "without"), public)
        place = place_in(folder, "with")
        if later:
            await world(place, public)
        with_hidden = await world(place, public, hidden, {"letter.eml": letter(attached)})
        decide_on_hidden(with_hidden, public, hidden)
        return (
            await all_that_is_seen(without, questions),
            await all_that_is_seen(with_hidden, questions),
            with_hidden,
        )

    without, with_hidden, services = asyncio.run(both())
    assert with_hidden == without
    echoed = ("No document named", "No document is in a folder called")
    told = [one for one in map(str, with_hidden) if not any(said in one for said in echoed)]
    assert not any(CANARY in one for one in told)
    names = {row.name for row in services.libraries.of(OPERATOR).rows()}
    assert names == {*public, *hidden, *(f"letter.eml/{name}" for name in attached)}
    insider = Person(1, roles=frozenset({ROLE}), at_home=True)
    excerpts = [row.name for row in services.libraries.of(insider).rows()]
    assert set(excerpts) >= {name for name in hidden if name.startswith("hidden/")} | set(public)


# The same through Discord: every command and every button

PUBLIC = {
    "bread.md": "# Bread\n\nThe bread is baked daily by Olga.\n\n## Ovens\n\nTwo ovens are hot.\n",
    "depot/diesel.md": "# Diesel\n\n" + "\n\n".join(f"Tank {n} holds diesel." for n in range(9)),
    "depot/cranes.md": "# Cranes\n\nA crane lifts the mast of the ferry in the harbour.\n",
    "copy.md": "# Cranes\n\nA crane lifts the mast of the ferry in the harbour.\n",
    "depot/stock.md": (
        "---\ndate: 2026-05-12\n---\n# Stock\n\n| Tank | Litres | Fuel |\n| --- | --- | --- |\n"
        "| Tank 1 | 40 | diesel |\n| Tank 2 | 60 | petrol |\n\n## Decisions\n\n"
        "- Olga buys the diesel.\n- Tank 2 is mended.\n"
    ),
    "rules/ferry.md": "# Rules\n\nThe ferry of the harbour takes 40 people.\n",
    "rules/harbour.md": "# Rules\n\nThe ferry of the harbour takes 60 people.\n",
    "plans/olga.md": (
        "---\ndate: 2026-04-02\nauthor: Olga Vidal\nowner: Olga\nreview: 2026-05-01\n---\n"
        "# The ferry plan\n\nOlga leads.\n"
    ),
}
_FLEET = "Every ship of the fleet is painted in spring, by whoever has no watch on that day."
PUBLIC |= {f"plans/fleet-v{n}.md": f"# The fleet v{n}\n\n{_FLEET}\n" for n in (1, 2)}
HIDDEN = {
    "plans/fleet-v3.md": f"---\naudience: few\n---\n# The fleet v3\n\n{_FLEET} Zanzibar.\n",
    "a.md": "---\naudience: few\n---\n# Cranes\n\nA crane lifts the mast of the ferry zanzibar.\n",
    "a/copy.md": PUBLIC["copy.md"],
    "hidden/copy.md": PUBLIC["copy.md"],
    "hidden/bread.md": "# Bread\n\nWho bakes the bread? Zanzibar bakes the bread daily.\n",
    "hidden/broken.pdf": "no PDF",
    "hidden/ferry.md": "# Rules\n\nThe ferry of the harbour takes 80 people of zanzibar.\n",
    "hidden/rules.md": "# Rules\n\nThe ferry of the harbour takes 90 people.\n",
    "hidden/stock.md": (
        "---\ndate: 2026-05-30\nauthor: Olga Zanzibar\n---\n# Stock\n\n| Tank | Litres | Fuel |\n"
        "| --- | --- | --- |\n| Tank 1 | 99 | zanzibar |\n| Tank 3 | 10 | diesel |\n\n"
        "## Decisions\n\n- Zanzibar buys the diesel of Olga.\n"
    ),
    "none/plan.md": (
        "---\ndate: 2026-05-31\nowner: Olga\nreview: 2026-04-01\n---\n"
        "# The zanzibar ferry plan\n\nOlga leads no more.\n"
    ),
    "depot/b.md": "---\naudience: [few\n---\n# Diesel\n\nTank 7 holds zanzibar diesel, daily.\n",
}
BEFORE = {
    "bread.md": PUBLIC["bread.md"].replace("Two", "Three"),
    "depot/stock.md": PUBLIC["depot/stock.md"].replace("40", "30"),
    "gone.md": "# Gone\n\nThe lorry is gone.\n",
}
HIDDEN_BEFORE = {
    "hidden/bread.md": "# Bread\n\nZanzibar baked the bread.\n",
    "hidden/gone.md": "# Zanzibar\n\nGone.\n",
    "once.md": "# Once\n\nThe zanzibar was open to all.\n",
}
"""The last one was closed since."""
HIDDEN["once.md"] = "---\naudience: few\n---\n# Once\n\nThe zanzibar was open to all.\n"
QUESTIONS = ("who bakes the bread daily?", "which tank holds diesel?", "what is a zanzibar?")
OF_ALL_KINDS = (
    *("which documents mention Olga?", "how many documents mention zanzibar?", "what do you have?"),
    *("what is the latest document?", "what is new since May 2026?", "send me the ferry plan"),
    *("who wrote the ferry plan?", "summarise the stock", "tell me more", "and Tank 2?"),
    *("how many litres does Tank 1 hold?", "which tank has the most litres?", "sum of the litres"),
    *("how many tanks are there?", "what was decided?", "what happened in May 2026?", "why?"),
    *("how many people does the ferry of the harbour take?",),
    *("which stock?", "I meant zanzibar", "is the ferry plan still current?", "thanks!"),
    *("what changed since 2020?", "which documents changed?", "what changed in the stock?"),
    *("compare the stock with the ferry plan", "compare the bread brief with the zanzibar brief"),
    *("what does the stock say about diesel?", "who leads, and who bakes the bread?"),
    *("what do we say about diesel?", "every figure on litres", "list all decisions"),
)
"""Each follows up the one before it."""
IN_VAIN = tuple(f"what does the {name} cost?" for name in "alpha bravo charlie delta echo".split())
KEY, HIDDEN_KEY = key_of("depot/diesel.md"), key_of("hidden/bread.md")
SPAN = f"0-{len(HIDDEN['hidden/bread.md'])}:{zlib.crc32(HIDDEN['hidden/bread.md'].encode()):08x}"
MADE_UP = (
    *("e:1:1", "s:1:9", "v:999", "l:1:", "l:2:*d*", f"d:{KEY}:1", f"t:{KEY}:0-9:00000000"),
    *(f"{picture}:{HIDDEN_KEY}:{SPAN}" for picture in ("i:p", "i:t", "j:p2")),
    *("x:drop", "x:gp:30:1", f"o:{HIDDEN_KEY}", f"d:{HIDDEN_KEY}:1", f"p:{HIDDEN_KEY}:{SPAN}"),
    *("a:1:1", "a:999:1", "m:1:2", "m:999:1", f"k:{KEY}", f"k:{HIDDEN_KEY}"),
    *("x:cf:9", "x:cd:0123456789abcdef:1"),
    *("r:tm1:-:zanzibarzanz:diesel", f"r:1m1:-:{key_of('hidden')}:diesel", "r:xm9:-::zanzibar"),
    *("r:ta1:-::", "r:2f1:739000-739999::litres", "r:3e1:-::", "r:td99999:-::", "r:ts1:9-1::x"),
    *(f"h:{KEY}:0", f"h:{HIDDEN_KEY}:0", f"d:{HIDDEN_KEY}:1:k:{HIDDEN_KEY}"),
    *("x:hl:1", f"x:hr:{HIDDEN_KEY}:00000000", f"x:um:{'a' * 16}:{key_of('hidden')}"),
    f"x:uf:{'a' * 16}",
    *("x:od:1", "x:sp:1", f"x:ur:{HIDDEN_KEY}:00000000:0", f"x:nr:{KEY}:00000000:1"),
    *(f"x:{what}:{HIDDEN_KEY}:{'0' * 8}:1" for what in ("ok", "nr", "ur")),
    *(f"x:{what}:{KEY}:{HIDDEN_KEY}:0" for what in ("sy", "sn", "su")),
    *(f"x:{what}:{KEY}:{key_of('bread.md')}:1" for what in ("sn", "sy", "su")),
    *("z:c:0::1", f"z:c:0:{key_of('hidden')}:1", f"z:c:0:{key_of('depot')}:9"),
    *(f"z:d:0:{HIDDEN_KEY}:1", f"z:d:0:{key_of('once.md')}:1", f"z:d:0:{KEY}:1"),
    *(f"z:p:{KEY}:{HIDDEN_KEY}:1", f"z:p:{KEY}:{key_of('bread.md')}:2"),
    *(f"z:h:0:{HIDDEN_KEY}", f"z:s:0:{HIDDEN_KEY}"),
    *(f"n:as:{what}:document:{key}:" for what in ("source", "remove") for key in (KEY, HIDDEN_KEY)),
    *("x:fd:1", "x:fd:999", f"x:ro:{KEY}", f"x:ro:{HIDDEN_KEY}", f"x:ad:1-0:{'a' * 16}"),
    *("g:ask:1", "g:ask:999", f"g:yes:1:{'0' * 16}", "g:no", "g:end:1", "g:ans:1"),
    *("u:o:1:1-9", "u:o:999:1-9", "u:t:1:1-9:1", "u:t:1:9-1:9"),
    *("w:999", "w:again:1", "w:again:999", "w:end:1", "w:here:1", "w:now:1", "w:list:2"),
)
"""Besides what is offered: pages of what is longer, what is not theirs, what there is not."""
FILE = ("new.md", b"# New\n\nThe lorry is new.\n")
_VOLATILE = re.compile(
    r"<t:\d+:\w>|\d{17,20}|\d+(?:\.\d+)? s(?:econds?)?\b|\d+ ms|Generation \d+"
    r"|x:(?:up:[0-9a-f]{8}|nu|um|uf|ad:\d+-\d+):[\w-]{16}|-[0-9a-z]{12}\.md|\S+/removed/[\w-]+|z:[cdhs]:\d+|\d{4}-\d\d-\d\dT[\d\\:]+\+00\\?:00"
)

_KIND = re.compile(r"\w:(?:[a-z]{1,5}:)?")


@dataclass
class Watched:
    """All that Bob, without a role, and Ada, an admin without it, are shown."""

    guild: Guild
    services: Services
    lines: list[str] = field(default_factory=list)
    buttons: dict[str, tuple[simcord.MemberActor, Any]] = field(default_factory=dict)
    """By id: who was shown it first, and the message as it was then."""
    commands: set[str] = field(default_factory=set)
    clicked: set[str] = field(default_factory=set)
    met: Counter[str] = field(default_factory=Counter)
    """How many buttons of each kind that stands below answers and in lists."""

    def note(self, what: str, member: simcord.MemberActor, shown: Any) -> None:
        self.lines.append(f"{what}: {seen(shown)}")
        message = getattr(shown, "_message", None) or self.guild.env.backend.get_message(
            shown.channel.id, shown.id
        )
        as_it_is = deepcopy(message)
        for one in buttons_of(shown.components):
            self.lines.append(one["custom_id"])
            self.buttons.setdefault(one["custom_id"], (member, as_it_is))

    async def use(
        self, member: simcord.MemberActor, command: str, **options: object
    ) -> simcord.InteractionResult:
        done = await member.slash(self.guild.channel, command, **options)
        for shown in (done.response, *done.followups):
            self.note(f"/{command} {options}", member, shown)
        self.commands.add(command)
        return done

    async def click(self, member: simcord.MemberActor, message: Any, custom_id: str) -> None:
        done = await replay(member, message, custom_id)
        assert done.acknowledged, custom_id
        if done.modal is not None:
            self.lines.append(f"{custom_id}: {done.modal}")
            said = {"fault": "incomplete", "reason": "No."}
            if custom_id.startswith("x:uf"):
                said = {"new": "hidden"}
            if custom_id.startswith("g:"):
                said = {"answer": "Two."}
            elif custom_id.startswith("n:on:"):
                said = {"question": "and who bakes it?"}
            done = await member.submit_modal(done, said)
        for shown in filter(None, (done.response, *done.followups)):
            self.note(custom_id, member, shown)
        if custom_id.startswith("v:") and member is self.guild.bob:
            self.note(custom_id, member, self.guild.channel.last_message)
        self.clicked.add(custom_id)

    async def click_all(self, *beginnings: str) -> None:
        """Click all buttons, and those that appear then, as their viewer and as Ada.

        In `make check`, of each kind that stands below answers and in lists, the first few and then
        every twelfth, and as Ada every third of those.
        """
        while new := [one for one in self.buttons if one.startswith(beginnings)]:
            for custom_id in new:
                member, message = self.buttons.pop(custom_id)
                if custom_id in self.clicked or custom_id.startswith(("q:0:", "e:0:")):
                    continue  # those that lead nowhere cannot be clicked
                people = {member.id: member, self.guild.ada.id: self.guild.ada}
                if not HARDENING and custom_id[1] == ":":
                    kind = _KIND.match(custom_id)
                    assert kind
                    self.met[kind[0]] += 1
                    met = self.met[kind[0]]
                    if met > 8 and met % 12:
                        continue
                    if met % 3 != 1:
                        del people[self.guild.ada.id]
                        people[member.id] = member
                for one in people.values():
                    await self.click(one, message, custom_id)

    async def make_up(self, custom_id: str) -> None:
        row = {"type": 1, "components": [{"type": 2, "style": 2, "custom_id": custom_id}]}
        done = await self.guild.bob.slash(self.guild.channel, "help")
        assert done.response is not None
        for member in (self.guild.bob, self.guild.ada):
            message = deepcopy(done.response._message)
            message.components = [row]
            await self.click(member, message, custom_id)


async def transcript(guild: Guild, services: Services) -> Watched:
    watched = Watched(guild, services)
    note, use, bob, ada = watched.note, watched.use, guild.bob, guild.ada
    written_before = {one.id: len(one.user.dm_channel.history()) for one in (bob, ada)}
    for question in QUESTIONS:
        await bob.send(guild.channel, f"{guild.me} {question}")
        note(question, bob, guild.channel.last_message)
        await bob.send_dm(question)
        watched.lines.append(seen(bob.user.dm_channel.last_message))
        await use(bob, "ask", question=question)
        await use(bob, "ask", question=question, private=True)
        await use(bob, "search", words=question)
    for question in OF_ALL_KINDS:
        await bob.send(guild.channel, f"{guild.me} {question}")
        note(question, bob, guild.channel.last_message)
        await use(bob, "ask", question=question, private=True)
    for options in ({"folder": "depot"}, {"folder": "hidden"}, {"since": "2026-05-20"}):
        await use(bob, "ask", question=QUESTIONS[1], **options)
    await use(bob, "search", words="tank bread crane")
    target = await guild.ann.send(guild.channel, "Zanzibar bakes the bread daily.")
    claimed = await bob.context_menu(guild.channel, FIND_SOURCES, target)
    note("claim", bob, claimed.response)
    watched.commands.add(FIND_SOURCES)
    for name in ("bread", "hidden/bread.md", "a.md", "cranes", "depot/b.md", "copy.md"):
        await use(bob, "source", document=name)
        await use(bob, "source", document=name, share=True)
        await use(bob, "ask", question=QUESTIONS[0], document=name)
    asked = await use(bob, "ask", question=QUESTIONS[0])
    assert asked.response is not None
    await bob.send(guild.channel, "and when?", reply_to=asked.response)
    note("a reply without words", bob, guild.channel.last_message)
    for typed in ("fleet", "the feery plan", "the zanzibar ferry plan", "brad", "cranez", "ferry"):
        await use(bob, "source", document=typed)
        await use(bob, "ask", question=QUESTIONS[0], document=typed)
        await use(ada, "remove", document=typed)
    await use(bob, "documents")
    await use(bob, "documents", filter="*hidden*")
    for options in (
        *({"topic": "diesel"}, {"topic": "zanzibar"}, {"topic": "litres", "kind": "figures"}),
        *({"kind": "decisions"}, {"kind": "dates"}, {"topic": "all deadlines in June"}),
        *({"topic": "diesel", "since": "2026-05"}, {"topic": "diesel", "folder": "depot"}),
        *({"topic": "the", "folder": "hidden"}, {"topic": "crane"}, {"kind": "phone numbers"}),
    ):
        await use(bob, "list", **options)
    await use(bob, "help")
    await watched.click_all("x:hp")
    for command in ("ask", "source", "search", "remove", "replaced"):
        for typed in ("", "b", "hidden", "zanzibar", "cranes"):
            member = ada if command in ("remove", "replaced") else bob
            offered = await member.autocomplete(guild.channel, command, "document", typed)
            watched.lines.append(f"{command} {typed}: {offered}")
    for typed in ("", "d", "hidden"):
        offered = await bob.autocomplete(guild.channel, "ask", "folder", typed, question="x")
        watched.lines.append(f"ask {typed}: {offered}")
        offered = await bob.autocomplete(guild.channel, "list", "folder", typed)
        watched.lines.append(f"list {typed}: {offered}")
    folders = await ada.autocomplete(guild.channel, "upload", "folder", "", file=FILE)
    watched.lines.append(f"folders: {folders}")
    await what_changed_is_seen(watched)
    for question in IN_VAIN:
        await use(bob, "ask", question=question)
    await watched.click_all(*"secfvqodptlakhmrn")
    for pictures in ("i:", "j:"):  # each is drawn by a process
        drawn = [one for one in watched.buttons if one.startswith(pictures)]
        await watched.click_all(*drawn[:2])
    asking = [one for one in watched.buttons if one.startswith("w:")]
    await watched.click_all(*asking[:: len(asking) // 6])
    await use(bob, "watches")
    services.records.rate(1, bob.id, Mark.DOWN, "No.")
    await use(ada, "gaps")
    await use(ada, "access")
    await use(ada, "access", folder="a")
    await use(ada, "status")
    await use(ada, "conflicts")
    await watched.click_all("x:gp", "x:cf")
    done = [custom_id for custom_id in watched.buttons if custom_id.startswith("x:gd")]
    await watched.click_all(*done[:1])
    await watched.click_all("x:cd")
    await use(ada, "conflicts")
    await use(ada, "documents")
    for member in (bob, ada):
        await use(member, "documents", show="overdue")
    for show in ("overdue", "replacements"):
        await use(ada, "documents", show=show)
    for old, new in (
        ("bread.md", "hidden/bread.md"),
        ("a.md", "bread.md"),
        ("bread.md", "copy.md"),
    ):
        await use(ada, "replaced", document=old, by=new)
    await use(ada, "documents", show="replacements")
    await watched.click_all("x:gp", "x:od", "x:sp", "x:sy", "x:sn", "x:ok", "x:nr", "x:su", "x:ur")
    await use(ada, "status")
    for custom_id in MADE_UP:
        await watched.make_up(custom_id)
    await use(ada, "reindex", dry_run=True)
    await use(ada, "upload", file=("bread.md", b"# Mine\n\nText.\n"), folder="hidden")
    for name in ("hidden/bread.md", "none/such.md"):
        await use(ada, "remove", document=name)
    form = await ada.slash(guild.channel, "upload")
    watched.lines.append(f"the form of /upload: {form.modal}")
    for name, title in (("ferry.md", "Rules"), ("stock 2026.md", "Stock"), ("bread.md", "Bread")):
        await use(ada, "upload", file=(name, f"# {title}\n\nThe ferry is new.\n".encode()))
    sent = await bob.send(guild.channel, "The rules", attachments=[("rules.md", b"# Rules\n")])
    note("Upload these", ada, (await ada.context_menu(guild.channel, UPLOAD_THESE, sent)).response)
    watched.commands.add(UPLOAD_THESE)
    await watched.click_all("x:um", "x:uf")
    await watched.click_all("x:nu")
    for _ in range(2):  # the second of each is a "no"
        await use(ada, "upload", file=FILE)
        await use(ada, "remove", document="depot/cranes.md")
    no = [one for one in watched.buttons if one.startswith("x:nu")][-1:]
    for beginnings in (no, ["x:up", "x:rm"], ["x:nu"]):
        await watched.click_all(*beginnings)
    await use(ada, "rollback")
    await watched.click_all("x:rb", "x:no")
    await use(ada, "reindex")
    await use(ada, "documents")
    await watched.click_all("x:hp", "x:hl", "x:hr")
    await use(ada, "status")
    assert await watches_of(guild).keep()
    for member in (bob, ada):
        written = member.user.dm_channel.history()[written_before[member.id] :]
        watched.lines += map(seen, written)
    await what_reaches_people_is_seen(watched)
    for _ in range(2):
        await use(bob, "forget-me")
    await watched.click_all("y:not")
    await watched.click_all("y:forget")
    assert guild.env.errors
    guild.env.errors.clear()
    watched.lines = [_VOLATILE.sub("…", line) for line in watched.lines]
    return watched


async def what_reaches_people_is_seen(watched: Watched) -> None:
    """Mark answers down, hand questions to Ada, and add a message, where Bob and Ada read all."""
    guild, bob, ada = watched.guild, watched.guild.bob, watched.guild.ada
    channel = guild.channel
    section = {
        "review_channel": channel.id,
        "experts_channel": channel.id,
        "experts": {"/": ada.id, "hidden/": ada.id},
        "owners": {"Olga": guild.ann.id},
        "add_to": {channel.id: "notes"},
    }
    sections = watched.services.guilds.sections
    sections[guild.handle.id] = GuildSettings.model_validate(section)
    questions = (*QUESTIONS, "who leads the ferry plan?")
    for question, fault in zip(
        questions, ("incomplete", "unfit", "misunderstood", "unfit"), strict=True
    ):
        for private in (False, True):
            before = len(channel.history())
            await marked_and_handed(watched, question, fault, private=private)
            for message in channel.history()[before:]:
                watched.note("channel", ada, message)
            for custom_id in [one for one in watched.buttons if one.startswith("g:ans")]:
                await watched.click(ada, watched.buttons.pop(custom_id)[1], custom_id)
            watched.note("answer", bob, channel.last_message)
            watched.lines.append(seen(bob.user.dm_channel.last_message))
    await watched.click_all("g:end", "g:no", "x:fd", "x:ro")
    target = await guild.ann.send(channel, "The bakery bakes zwieback.")
    for folder in ("hidden", "notes"):
        sections[guild.handle.id] = GuildSettings.model_validate(
            section | {"add_to": {channel.id: folder}}
        )
        added = await ada.context_menu(channel, ADD_TO_DOCUMENTS, target)
        watched.note("add", ada, added.response)
    watched.commands.add(ADD_TO_DOCUMENTS)
    await watched.click_all("x:ad")


async def marked_and_handed(watched: Watched, question: str, fault: str, *, private: bool) -> None:
    """Ask, mark the answer down, and hand the question to a person, as Bob."""
    bob, channel = watched.guild.bob, watched.guild.channel
    done = await bob.slash(channel, "ask", question=question, private=private)
    watched.note(question, bob, done.response)
    down = next(one for one in reversed(watched.lines) if re.fullmatch(r"f:\d+:down", one))
    assert done.response is not None
    form = await replay(bob, done.response._message, down)
    shown = await bob.submit_modal(form, {"fault": fault, "reason": "No."})
    for step in ("g:ask:", "g:yes:"):
        watched.note(step, bob, shown.response)
        found = [one for one in watched.buttons if one.startswith(step)]
        for custom_id in found[-1:]:
            assert shown.response is not None
            shown = await replay(bob, shown.response._message, custom_id)
        for custom_id in found:
            watched.buttons.pop(custom_id)
    watched.note("handed", bob, shown.response)


async def what_changed_is_seen(watched: Watched) -> None:
    use, guild = watched.use, watched.guild
    for member in (guild.bob, guild.ada):
        await use(member, "changes")
        for since in ("2020", "generation 1"):
            for narrowed in ({}, {"folder": "hidden"}, {"folder": "depot"}):
                await use(member, "changes", since=since, **narrowed)
        for name in ("bread.md", "hidden/bread.md", "once.md", "hidden/gone.md", "gone.md"):
            await use(member, "changes", document=name)
            await use(member, "compare", document=name)
            await use(member, "compare", document="bread.md", **{"with": name})
        for command, option in (("changes", "document"), ("compare", "with")):
            for typed in ("", "zanzibar", "once"):
                given = {"document": "bread.md"} if option == "with" else {}
                offered = await member.autocomplete(guild.channel, command, option, typed, **given)
                watched.lines.append(f"{command} {typed}: {offered}")
    channel, book = guild.channel, watched.services.guilds
    settings = GuildSettings.model_validate({"digest_channel": channel.id, "digest": "reindex"})
    book.sections[guild.handle.id] = settings
    watched.services.records.remember(f"digest {channel.id}", "1 2020-01-01T00:00:00+00:00")
    assert isinstance(guild.env.bot, BriefingBot)
    await Digests(guild.env.bot).send_due()
    watched.note("digest", guild.bob, channel.last_message)
    await watched.click_all("z:c", "z:d", "z:p")
    await watched.click_all("z:h")
    await watched.click_all("z:s")


def watches_of(guild: Guild) -> Watches:
    bot = guild.env.bot
    assert isinstance(bot, BriefingBot)
    found = bot.get_cog("Watches")
    assert isinstance(found, Watches)
    return found


@pytest.mark.usefixtures("parsing_here")
@pytest.mark.timeout(1_200)  # 20 seconds of work, on a machine that may be busy
async def test_every_command_and_button(guild: Guild, tmp_path: Path) -> None:
    found = []
    for name, corpora, before in (
        ("without", [PUBLIC], BEFORE),
        ("with", [PUBLIC, HIDDEN], {**BEFORE, **HIDDEN_BEFORE}),
    ):
        services = await world(place_in(tmp_path, name), *corpora, before=before)
        if name == "with":
            decide_on_hidden(services, PUBLIC, HIDDEN)
        await guild.env.restart_bot(bot_of(services))
        found.append(await transcript(guild, services))
    without, with_hidden = found
    for one, other in zip(without.lines, with_hidden.lines, strict=True):
        assert other == one
    text = "\n".join(with_hidden.lines)
    # What was typed is echoed; nothing else is.
    assert "zanzibar diesel" not in text
    assert "ferry zanzibar" not in text
    assert str(GAPS_NOT_KEPT) not in text
    bot = guild.env.bot
    assert isinstance(bot, BriefingBot)
    assert with_hidden.commands == {one.name for one in bot.tree.walk_commands()} | {
        *(FIND_SOURCES, ADD_TO_DOCUMENTS, UPLOAD_THESE),
    }
    for pattern in bot._connection._view_store._dynamic_items:
        assert any(map(pattern.fullmatch, with_hidden.clicked)), pattern
