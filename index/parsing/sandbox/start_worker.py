"""Script that starts the worker process without importing the rest of the engine.

It is run as a file, and gives `index` a bare package in place of its `__init__`: that would import
numpy and half the engine, which takes longer than parsing most documents.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

__all__: list[str] = []

if __name__ == "__main__":
    package = ModuleType("index")
    package.__path__ = [str(Path(__file__).resolve().parents[2])]
    sys.modules["index"] = package

    from index.parsing.sandbox.worker import serve

    serve(sys.argv[1])
