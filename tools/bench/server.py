"""The index of `tools.bench.scale` on a PostgreSQL server: moved there, opened and searched.

Give the URL of an empty database. Searches alone are measured, as for the folder, in one process
and with processor time of this side beside the wall time. Prints; writes no page.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np

from index.store.folder.store import IndexStore
from index.store.postgres.connection import Server
from index.store.postgres.moving import to_server
from index.store.postgres.store import PostgresStore
from tools.bench import scale
from tools.bench.real_vectors import noisy, real_vectors
from tools.bench.scale import shown, timed
from tools.report import ROOT, command_of, parser_of, provenance, table

_QUESTIONS = 200


def main() -> None:
    parser = parser_of("tools.bench.server", __doc__)
    parser.add_argument("url", help="postgresql://…")
    parser.add_argument("--passages", type=int, default=1_000_000)
    parser.add_argument("--classes", type=int, default=50)
    parser.add_argument("--work", type=Path, default=ROOT / ".bench" / "scale")
    options = parser.parse_args()
    folder = IndexStore(options.work / f"{options.passages}-{options.classes}" / "index")
    moving = PostgresStore(Server(options.url))
    _, moved = timed(lambda: to_server(folder, moving))
    moving.server.close()
    rows = [("moved there", shown([moved])), *_measured(options.url)]
    print("\n".join(table(["", "wall; processor: s, of many ms"], rows)))
    print(provenance(command_of("tools.bench.server")))


def _measured(url: str) -> list[tuple[str, str]]:
    asked, queries = scale.questions(_QUESTIONS)
    before = scale.memory()
    store = PostgresStore(Server(url))
    generation, opened = timed(lambda: store.open(None))
    _, first = timed(lambda: scale.search(generation, asked[0], queries[0], None))
    both = partial(scale.search_all, generation, asked, queries)
    once, again = both(None), both(None)
    seen = {name for name in generation.catalog.document_names() if int(name[4:6]) % 2 == 0}
    half = generation.catalog.filter_of(seen)
    scale.search(generation, asked[0], queries[0], half)
    within = both(half)
    memory = scale.growth(before, scale.memory())
    vectors = noisy(real_vectors()[:3], np.random.default_rng(3))
    _, changed = timed(lambda: scale.change_one(store, "team00/0.md", vectors))
    store.server.close()
    return [
        ("open", shown([opened])),
        ("first question", shown([first])),
        ("dense + lexical, p50 / p95", shown(once)),
        ("the same again", shown(again)),
        ("within half of the classes", shown(within)),
        ("one document changed", shown([changed])),
        ("resident: own / mapped; peak", memory),
        ("on the server", f"{store.size() / 1e6:,.0f} MB"),
    ]


if __name__ == "__main__":
    main()
