"""Gives a target inputs by libFuzzer, which looks at what of our code each of them reaches.

    python -m tools.hardening.guided_child NAME FOLDER [libFuzzer's options and folders]

Ends at the first input that breaks something.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris


def main(name: str, folder: str, *options: str) -> None:
    with atheris.instrument_imports(include=["index", "bot"], enable_loader_override=False):
        from tools.hardening.guided_targets import TARGETS

        (target,) = (each for each in TARGETS if each.name == name)
        run = target.made(Path(folder))
    atheris.Setup([sys.argv[0], *options], run)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
