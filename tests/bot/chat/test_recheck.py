"""What was found in a generation that is gone is looked up anew."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from bot.access import Access, Audience, Person, Policy, Viewer
from bot.chat.admission import Admission
from bot.chat.recheck import Found, rechecked
from index.store.current import CurrentGeneration
from index.store.postgres.connection import Server
from index.store.postgres.store import PostgresStore
from testing.fakes import document_of, publish
from testing.postgres import index_database

BOARD = Audience(roles=frozenset({222}))
POLICY = Policy(guilds=frozenset({111}), folders=(("board/", BOARD),), path=Path("policy.toml"))
MEMBER = Person(5, guilds=frozenset({111}), at_home=True)


async def always() -> Viewer:
    return MEMBER


@pytest.mark.slow
async def test_after_a_purge_it_is_looked_up_anew(postgres_server: str) -> None:
    admission = Admission()
    with index_database(postgres_server) as url, closing(PostgresStore(Server(url))) as store:
        publish(store, *(document_of("A text.", name=f"{at}.md") for at in ("a", "b", "board/c")))
        access = Access(CurrentGeneration(store, None), POLICY)
        names = access.visible(MEMBER)
        with store.lock():
            store.purge("a.md")
        tried = iter([names, access.visible(MEMBER)])

        async def find(_: Viewer) -> Found[str]:
            return Found("It.", next(tried))

        assert await rechecked(access, admission, always, MEMBER, find) == "It."
        assert not list(tried)
        await admission.close(1)
