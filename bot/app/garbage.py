"""Garbage: not looked for in modules and models, which stay once they are loaded."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Load without the garbage collector, which never looks at what is there by then.

    To look through hundreds of thousands of objects is a fifth of the processor time of a question
    from a cold start.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()
