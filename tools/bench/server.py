"""The index of `tools.bench.scale` on a PostgreSQL server: moved there, opened and searched.

Give the URL of an empty database. Searches alone are measured, as for the folder, in one process
and with processor time of this side beside the wall time. Prints; writes no page.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.store.folder.store import IndexStore
from index.store.postgres.connection import Server
from index.store.postgres.moving import to_server
from index.store.postgres.store import PostgresStore
from tools.bench import scale
from tools.report import ROOT, command_of, parser_of, provenance, table

__all__ = ["main"]

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
    _, moved = _timed(lambda: to_server(folder, moving))
    moving.server.close()
    rows = [("moved there", _shown([moved])), *_measured(options.url)]
    print("\n".join(table(["", "seconds, wall; processor"], rows)))
    print(provenance(command_of("tools.bench.server")))


def _measured(url: str) -> list[tuple[str, str]]:
    asked, queries = scale.questions(_QUESTIONS)
    before = scale.memory()
    store = PostgresStore(Server(url))
    generation, opened = _timed(lambda: store.open(None))

    def search(at: int, allowed: Any = None) -> None:
        scale.search(generation, asked[at], queries[at], allowed)

    _, first = _timed(lambda: search(0))
    once = [_timed(lambda at=at: search(at))[1] for at in range(_QUESTIONS)]  # type: ignore[misc]
    again = [_timed(lambda at=at: search(at))[1] for at in range(_QUESTIONS)]  # type: ignore[misc]
    seen = {name for name in generation.catalog.document_names() if int(name[4:6]) % 2 == 0}
    half, _ = _timed(lambda: generation.catalog.filter_of(seen))
    search(0, half)
    within = [
        _timed(lambda at=at: search(at, half))[1]  # type: ignore[misc]
        for at in range(_QUESTIONS)
    ]
    memory = scale.growth(before, scale.memory())
    _, changed = _timed(lambda: scale.change_one(store))
    store.server.close()
    return [
        ("open", _shown([opened])),
        ("first question", _shown([first])),
        ("dense + lexical, p50 / p95", _shown(once)),
        ("the same again", _shown(again)),
        ("within half of the classes", _shown(within)),
        ("one document changed", _shown([changed])),
        ("resident: own / mapped; peak", memory),
        ("on the server", f"{store.size() / 1e6:,.0f} MB"),
    ]


def _timed(do: Callable[[], Any]) -> tuple[Any, tuple[float, float]]:
    """Do something; return what it returned, and the wall and processor time that it took."""
    wall, processor = time.perf_counter(), time.process_time()
    done = do()
    return done, (time.perf_counter() - wall, time.process_time() - processor)


def _shown(times: Sequence[tuple[float, float]]) -> str:
    if len(times) == 1:
        return "; ".join(f"{each:.2f}" for each in times[0])
    return "; ".join(
        " / ".join(f"{each:.4f}" for each in np.percentile(those, (50, 95)))
        for those in zip(*times, strict=True)
    )


if __name__ == "__main__":
    main()
