"""Which documents are replaced: chains, forks, circles, days to come, and what may not be seen."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from typing import cast

from index.answering.scope import Scope
from index.answering.scope.stopwatch import Stopwatch
from index.answering.versions.proposals import proposals
from index.answering.versions.succession import standings_of, successors
from index.decisions import Decisions
from index.document import Document
from index.store.folder.store import IndexStore
from index.store.generation import Generation
from index.store.successions.index import SuccessionIndex, standing_of
from index.store.successions.successions import Identity, Successions, SuccessionStatement
from testing.budget import HARDENING, amount
from testing.fakes import document_of, publish, recipe_of
from tests.index.answering.test_work_of_hidden import Steps
from tests.index.indexing.catalogs import catalog_of

TODAY = date(2026, 6, 15)
DATA = Path(__file__).parents[3] / "data/replacements.jsonl"


def version(number: int, *lines: str, day: str = "", name: str = "", **more: str) -> Document:
    """Return a version of a policy, dated in the year of its number."""
    dated = day or f"3 May {2020 + number}"
    title = more.get("title", "Travel policy")
    return document_of(
        f"# {title}",
        f"Version {number}.0, {dated}",
        *lines,
        name=name or f"policies/travel-v{number}.md",
        title=title,
    )


def replacing(number: int, **more: str) -> Document:
    return version(number, f"This policy replaces version {number - 1}.0.", **more)


def generation_of(folder: Path, *documents: Document) -> Generation:
    store = IndexStore(folder)
    publish(store, *documents)
    return store.open(recipe_of())


def scope_of(
    generation: Generation,
    names: Collection[str] | None = None,
    decisions: Decisions | None = None,
    today: date = TODAY,
) -> Scope:
    return Scope(generation, names, None, today, Stopwatch(), decisions or Decisions())


def found(generation: Generation, *hidden: int, **more: object) -> Mapping[str, str]:
    """Return what replaces which among the versions that are not hidden, by their numbers."""
    seen = generation.catalog.document_names() - {f"policies/travel-v{n}.md" for n in hidden}
    scope = scope_of(generation, seen, **more)  # type: ignore[arg-type]
    return {
        old.removeprefix("policies/travel-"): each.document.removeprefix("policies/travel-")
        for old, each in successors(scope).items()
    }


def test_of_a_chain_the_end_counts_since_the_first_of_it(tmp_path: Path) -> None:
    generation = generation_of(tmp_path, version(1), replacing(2), replacing(3))
    assert found(generation) == {"v1.md": "v3.md", "v2.md": "v3.md"}
    scope = scope_of(generation)
    successor = successors(scope)["policies/travel-v1.md"]
    assert (successor.title, successor.since) == ("Travel policy", "2022-05-03")


def test_a_successor_that_may_not_be_seen_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    generation = generation_of(tmp_path, version(1), replacing(2), replacing(3))
    assert found(generation, 3) == {"v1.md": "v2.md"}
    assert found(generation, 2) == {}
    assert found(generation, 1) == {"v2.md": "v3.md"}


def test_of_two_that_replace_one_the_newest_counts(tmp_path: Path) -> None:
    two = version(2, "This policy replaces version 1.0.")
    three = version(3, "This policy replaces version 1.0.")
    generation = generation_of(tmp_path, version(1), two, three)
    assert found(generation) == {"v1.md": "v3.md"}
    assert found(generation, 3) == {"v1.md": "v2.md"}


def test_what_holds_from_a_later_day_replaces_nothing_yet(tmp_path: Path) -> None:
    to_come = version(
        2, "With effect from 1 July 2026 this policy replaces version 1.0.", day="3 May 2026"
    )
    generation = generation_of(tmp_path, version(1), to_come)
    assert found(generation) == {}
    assert found(generation, today=date(2026, 7, 1)) == {"v1.md": "v2.md"}


def test_circles_are_broken_by_dates_where_these_tell(tmp_path: Path) -> None:
    fields = {"a.md": "b.md", "b.md": "a.md"}

    def circle(folder: str, *dates: str) -> Mapping[str, object]:
        documents = [
            replace(
                document_of(f"% replaces: {other}", "# Plan", name=name, title=f"Plan {name}"),
                metadata={"replaces": other, "date": day},
            )
            for (name, other), day in zip(fields.items(), dates, strict=True)
        ]
        generation = generation_of(tmp_path / folder, *documents)
        return {old: each.document for old, each in successors(scope_of(generation)).items()}

    assert circle("told", "2025-05-03", "2026-05-03") == {"a.md": "b.md"}
    assert circle("untold", "2026-05-03", "2026-05-03") == {}


def test_an_older_document_replaces_no_newer_one(tmp_path: Path) -> None:
    old = document_of("# Travel rules", "Date: 9 June 2026", name="a.md", title="Travel rules")
    new = document_of(
        "# Travel policy",
        "Date: 3 May 2026",
        "This policy replaces the Travel rules.",
        name="b.md",
        title="Travel policy",
    )
    assert successors(scope_of(generation_of(tmp_path, old, new))) == {}


def test_what_fits_several_documents_equally_names_none_unless_one_may_be_seen(
    tmp_path: Path,
) -> None:
    first = version(1, "About boats and ferries on the river.", name="policies/a.md")
    other = version(1, "Of cars, lorries and petrol in town.", name="policies/b.md")
    generation = generation_of(tmp_path, first, other, replacing(2))
    assert successors(scope_of(generation)) == {}
    seen = {"policies/a.md", "policies/travel-v2.md"}
    assert list(successors(scope_of(generation, seen))) == ["policies/a.md"]


def test_copies_of_one_version_are_all_replaced(tmp_path: Path) -> None:
    text = "Whoever travels by car takes two spare wheels, a radio and water for three days."
    copies = [version(1, text, name=f"policies/a.{suffix}") for suffix in ("md", "txt")]
    generation = generation_of(tmp_path, *copies, replacing(2))
    assert sorted(successors(scope_of(generation))) == ["policies/a.md", "policies/a.txt"]


def test_documents_in_mails_and_archives_count(tmp_path: Path) -> None:
    one = version(1, name="mails/may.eml/travel-v1.md")
    two = version(2, "This policy replaces version 1.0.", name="mails/june.eml/travel-v2.md")
    generation = generation_of(tmp_path, one, two)
    assert list(successors(scope_of(generation))) == [one.name]


def test_admins_confirm_what_nobody_states_and_refuse_what_is_stated(tmp_path: Path) -> None:
    generation = generation_of(tmp_path, version(1), replacing(2), version(4))
    names = {number: f"policies/travel-v{number}.md" for number in (1, 2, 4)}
    refused = Decisions(refused=frozenset({(names[1], names[2])}))
    assert found(generation, decisions=refused) == {}
    confirmed = Decisions(confirmed=frozenset({(names[2], names[4]), (names[1], "gone.md")}))
    assert found(generation, decisions=confirmed) == {"v1.md": "v4.md", "v2.md": "v4.md"}
    assert found(generation, 4, decisions=confirmed) == {"v1.md": "v2.md"}


def test_what_is_said_from_another_folder_counts_once_it_is_confirmed(tmp_path: Path) -> None:
    """Whoever may write in one folder retires no document of another."""
    old = "policies/travel-v1.md"
    for number, (place, counts) in enumerate(
        {
            "policies/travel-v2.md": True,
            "policies/archive/2026/travel-v2.md": True,
            "travel-v2.md": True,  # whoever writes there may write below it
            "inbox/travel-v2.md": False,
            "policies/drafts/travel-v2.md": False,
            "policies-2/travel-v2.md": False,
        }.items()
    ):
        generation = generation_of(tmp_path / str(number), version(1), replacing(2, name=place))
        assert bool(successors(scope_of(generation))) == counts, place
        asked = [(each.old, each.new) for each in proposals(generation.catalog, None, Decisions())]
        assert asked == ([] if counts else [(old, place)]), place
        pair = frozenset({(old, place)})
        confirmed = successors(scope_of(generation, decisions=Decisions(confirmed=pair)))
        assert confirmed[old].since == "2022-05-03"
        assert proposals(generation.catalog, None, Decisions(refused=pair)) == []
        assert proposals(generation.catalog, {place}, Decisions()) == []


def test_a_document_itself_says_what_in_another_folder_replaces_it(tmp_path: Path) -> None:
    old = version(1, "Withdrawn on 1 June 2026, replaced by version 2.0.")
    new = version(2, day="28 May 2026", name="inbox/travel-v2.md")
    assert list(successors(scope_of(generation_of(tmp_path, old, new)))) == [old.name]


def test_a_part_that_is_replaced_leaves_the_whole(tmp_path: Path) -> None:
    part = version(2, "This policy replaces section 4 of version 1.0.")
    assert found(generation_of(tmp_path, version(1), part)) == {}


def test_an_older_document_says_by_what_it_is_replaced(tmp_path: Path) -> None:
    old = version(1, "Withdrawn on 1 June 2026, replaced by version 2.0.")
    generation = generation_of(tmp_path, old, version(2, day="28 May 2026"))
    standing, other = standings_of([old.name, "policies/travel-v2.md"], scope_of(generation))
    assert standing.is_withdrawn
    assert standing.replaced_by
    assert standing.replaced_by.since == "2026-06-01"
    assert other.replaced_by is None
    alone = scope_of(generation, {old.name})
    assert standings_of([old.name], alone)[0].replaced_by is None
    assert standings_of([old.name], alone)[0].is_withdrawn


def test_what_is_withdrawn_on_a_later_day_still_holds(tmp_path: Path) -> None:
    old = version(1, "Withdrawn on 1 July 2026, replaced by version 2.0.")
    generation = generation_of(tmp_path, old)
    assert not standings_of([old.name], scope_of(generation))[0].is_withdrawn
    later = scope_of(generation, today=date(2026, 7, 1))
    assert standings_of([old.name], later)[0].is_withdrawn


class _Alone:
    """The stored successions of a few documents, without an index."""

    def __init__(
        self, identities: Sequence[Identity], statements: Sequence[SuccessionStatement]
    ) -> None:
        self._identities = identities
        self._statements = statements

    def identities(self, names: Collection[str] | None = None) -> list[Identity]:
        return [each for each in self._identities if names is None or each.document in names]

    def statements(self) -> Sequence[SuccessionStatement]:
        return self._statements


def _standing(known: Sequence[Identity], _: object) -> Callable[[str], list[str]]:
    return lambda key: [each.document for each in known if key in standing_of(each)]


def test_hidden_documents_change_nothing(tmp_path: Path) -> None:
    random = Random(7)
    rows = [json.loads(line) for line in DATA.read_text("utf-8").splitlines()]
    documents = [
        document_of(
            f"# {row[side]['title']}",
            *row[side]["lines"],
            # In few folders, where each may be taken for another one's.
            name=f"{random.choice(('a', 'b/old', 'b'))}/{row['id']}-{row[side]['name']}.md",
            title=row[side]["title"],
        )
        for row in rows[:: 1 if HARDENING else 3]
        for side in ("old", "new")
    ]
    catalog = catalog_of(tmp_path, *documents)
    identities, statements = catalog.successions.identities(), catalog.successions.statements()
    some = 0
    for _ in range(amount(30)):
        names = {each.name for each in random.sample(documents, random.randint(2, len(documents)))}
        known = [each for each in identities if each.document in names]
        alone = SuccessionIndex(
            cast(
                Successions, _Alone(known, [each for each in statements if each.document in names])
            ),
            partial(_standing, known),
        )
        beside = catalog.succession_index().stated_among(names).successions
        assert beside == alone.stated_among().successions
        some += bool(beside)
    assert some


def test_hidden_documents_make_none_wait(tmp_path: Path) -> None:
    seen = [version(1), replacing(2), replacing(3)]
    hidden = [replacing(number % 4 + 1, name=f"hidden/{number}/travel.md") for number in range(60)]
    alone = generation_of(tmp_path / "alone", *seen)
    beside = generation_of(tmp_path / "beside", *seen, *hidden)
    names = {each.name for each in seen}
    about_hidden = frozenset((each.name, hidden[0].name) for each in hidden[1:])
    lines = []
    for generation, decisions in ((alone, Decisions()), (beside, Decisions(about_hidden))):
        generation.catalog.succession_index()
        with Steps(generation.catalog) as steps:
            assert successors(scope_of(generation, names, decisions))
        lines.append(steps.lines)
    assert lines[1] <= lines[0] + 3


def test_a_question_looks_them_up_at_once(tmp_path: Path) -> None:
    generation = generation_of(tmp_path, version(1), replacing(2))
    assert successors(scope_of(generation)) is successors(scope_of(generation))


def test_an_older_document_replaces_no_newer_one_by_the_name_of_its_file(tmp_path: Path) -> None:
    old = version(1, "Fares are paid.")
    new = version(6, "Fares are not paid.", name="policies/travel-v6.md")
    claims = replace(old, metadata={"replaces": "travel-v6.md"})
    assert found(generation_of(tmp_path / "one", claims, new)) == {}
    follows = replace(new, metadata={"replaces": "travel-v1.md"})
    assert found(generation_of(tmp_path / "two", old, follows)) == {"v1.md": "v6.md"}
