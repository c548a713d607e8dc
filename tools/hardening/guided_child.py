"""Gives a target inputs by libFuzzer, which looks at what of our code each of them reaches.

    python -m tools.hardening.guided_child NAME FOLDER [libFuzzer's options and folders]

Ends at the first input that breaks something. The input that is tried is in FOLDER/tried, since a
process that takes too much memory, or crashes a library, cannot say which it was.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import atheris

_MOST = 6 << 30
"""Bytes of addresses: libFuzzer looks at the memory once a second, and a second is long."""


def main(name: str, folder: str, *options: str) -> None:
    with atheris.instrument_imports(include=["index", "bot"], enable_loader_override=False):
        from tools.hardening.guided_targets import TARGETS

        (target,) = (each for each in TARGETS if each.name == name)
        run = target.made(Path(folder))
    tried = Path(folder, "tried")

    def noted(data: bytes) -> None:
        tried.write_bytes(data)
        run(data)

    resource.setrlimit(resource.RLIMIT_AS, (_MOST, _MOST))
    atheris.Setup([sys.argv[0], *options], noted)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
