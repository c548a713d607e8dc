"""Parsing and embedding by other processes: the usual ports, with a queue behind them.

What no worker does, this process does itself; without any worker, all of it.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from index.document import Document
from index.errors import UnreadableDocument
from index.indexing.work.queue import WorkQueue
from index.parsing import ParsingLimits, ParsingOptions
from index.parsing.sandbox.protocol import pack, unpack
from index.ports import Embedder, Vectors

_AHEAD = 64
"""Files on the queue, or done and waiting for their turn."""
_TEXTS_AT_ONCE = 128
_Parse = Callable[..., Iterator[Document | UnreadableDocument]]


class QueuedParsing:
    """Parses like `ParsingPool.parse_files`, in whatever workers there are.

    A worker reads a file at its own path, below the folder that it was started with.
    """

    def __init__(self, queue: WorkQueue, here: _Parse) -> None:
        self._queue = queue
        self._here = here

    def parse_files(
        self,
        files: Iterable[tuple[Path, str]],
        *,
        limits: ParsingLimits,
        options: ParsingOptions,
        pages_read: Callable[[int], None] = lambda _: None,
    ) -> Iterator[Document | UnreadableDocument]:
        """Yield, for each path and name in order, the document or the error that says why not."""
        if not self._queue.workers():
            yield from self._here(files, limits=limits, options=options, pages_read=pages_read)
            return
        coming = iter(files)
        waiting = deque[tuple[int, Path, str]]()
        how = {"limits": asdict(limits), "options": options.as_lists()}
        try:
            while True:
                while len(waiting) < _AHEAD and (file := next(coming, None)):
                    waiting.append((self._queue.put("parse", name=file[1], **how), *file))
                if not waiting:
                    return
                job, path, name = waiting.popleft()
                content = self._queue.take(job)
                made = None if content is None else parsed_from(content, name)
                if made is None:
                    again = [(path, name)]
                    yield from self._here(
                        again, limits=limits, options=options, pages_read=pages_read
                    )
                    continue
                if isinstance(made, Document):
                    pages_read(len(made.pages))
                yield made
        finally:
            self._queue.drop([job for job, _path, _name in waiting])


class QueuedEmbedder:
    """Embeds passages in whatever workers there are, and all else here."""

    def __init__(self, here: Embedder, queue: WorkQueue) -> None:
        self._here = here
        self._queue = queue
        self.max_tokens = here.max_tokens
        self.dimension = here.dimension

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._here.count_tokens(texts)

    def embed_query(self, text: str) -> Vectors:
        return self._here.embed_query(text)

    def embed_passages(
        self, texts: Sequence[str], embedded: Callable[[int], None] = lambda _: None
    ) -> Vectors:
        if not self._queue.workers():
            return self._here.embed_passages(texts, embedded)
        parts = [texts[at : at + _TEXTS_AT_ONCE] for at in range(0, len(texts), _TEXTS_AT_ONCE)]
        jobs = [self._queue.put("embed", texts=texts_packed(part)) for part in parts]
        made: list[Vectors] = []
        try:
            for job, part in zip(jobs, parts, strict=True):
                content = self._queue.take(job)
                if content is None:
                    made.append(self._here.embed_passages(part, embedded))
                    continue
                made.append(np.frombuffer(content, np.float32).reshape(len(part), -1))
                embedded(len(part))
        finally:
            self._queue.drop(jobs[len(made) :])
        return np.concatenate(made)


def texts_packed(texts: Sequence[str]) -> str:
    """Return texts as one that JSON on the server can hold, whatever is in them."""
    return base64.b64encode(zlib.compress(json.dumps(list(texts)).encode(), 1)).decode()


def texts_in(packed: str) -> list[str]:
    """Return the texts that were packed."""
    found: list[str] = json.loads(zlib.decompress(base64.b64decode(packed)))
    return found


def vectors_as_bytes(vectors: Vectors) -> bytes:
    return np.ascontiguousarray(vectors, np.float32).tobytes()


def encode_result(parsed: Document | UnreadableDocument) -> bytes:
    """Return a document, or why there is none, as bytes."""
    if isinstance(parsed, UnreadableDocument):
        return json.dumps({"reason": parsed.reason}).encode() + b"\n"
    return json.dumps({"sha256": parsed.sha256}).encode() + b"\n" + pack(parsed)


def parsed_from(content: bytes, name: str) -> Document | UnreadableDocument:
    """Return what `encode_result` made bytes of."""
    head, packed = content.split(b"\n", 1)
    told = json.loads(head)
    if "reason" in told:
        return UnreadableDocument(told["reason"])
    return unpack(packed, name, told["sha256"])
