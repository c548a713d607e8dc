"""The output: text for people or lines of JSON, without what a terminal would act on."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console, RenderableType
from rich.text import Text

from bot import messages
from bot.errors import OutputNotWritten
from bot.localization import _
from bot.text import visible, visible_line

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSAFE_IN_JSON = re.compile(f"[\x7f-\x9f\u2028\u2029{_BIDI}\ud800-\udfff]")
_PADDING = re.compile("(?<! ) +$", re.MULTILINE)
_WIDTH_OF_A_FILE = 100


def json_line(value: Mapping[str, object]) -> str:
    """Return one line of JSON, with non-ASCII characters as they are.

    Characters that a terminal acts on, or that some programs take for a line end, are escaped.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return _UNSAFE_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


@dataclass(frozen=True, slots=True)
class Screen:
    """The output of a command: results go to `out`, errors and progress to `err`."""

    out: Console
    err: Console

    @classmethod
    def of_this_process(cls) -> Screen:
        """Return the screen of this process, with colours and a pager only on a terminal.

        NO_COLOR and COLUMNS are respected.
        """
        width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else _WIDTH_OF_A_FILE
        return cls(
            out=Console(width=width, highlight=False, markup=False, emoji=False),
            err=Console(stderr=True, highlight=False, markup=False, emoji=False),
        )

    def show(self, parts: Iterable[RenderableType], *, fill: bool = True) -> None:
        """Print the parts one below the other, through a pager if they do not fit a terminal.

        Without `fill`, lines that go into a file or a pipe are not wrapped.
        """
        shown = list(parts)
        with _writing():
            if not self.out.is_terminal:
                with self.out.capture() as captured:
                    self.out.print(*shown, sep="\n", soft_wrap=not fill)
                # Tables are padded with spaces, which nobody wants in a file.
                self.out.file.write(_PADDING.sub("", captured.get()))
                self.out.file.flush()
            elif self.out.file.isatty() and self._height(shown) > self.out.height:
                # The pager is usually `less`, which shows colours as codes without -R.
                os.environ.setdefault("LESS", "-R")
                with self.out.pager(styles=True):
                    self.out.print(*shown, sep="\n")
            else:
                self.out.print(*shown, sep="\n")

    def write(self, value: Mapping[str, object]) -> None:
        """Write one line of JSON at once, in UTF-8 whatever the locale."""
        stream = self.out.file
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
        with _writing():
            stream.write(f"{json_line(value)}\n")
            stream.flush()

    def write_text(self, text: str) -> None:
        """Write a text exactly as it is, in UTF-8 whatever the locale.

        On a terminal it is without what that would act on.
        """
        if self.out.is_terminal:
            text = visible(text)
        stream = self.out.file
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace", newline="")
        with _writing():
            stream.write(text)
            stream.flush()

    def error(self, message: str) -> None:
        """Print an error of one sentence, in red."""
        self.err.print(Text(visible_line(message), style="red"), soft_wrap=True)

    def note(self, message: str) -> None:
        """Print a remark that is neither an error nor a result."""
        self.err.print(Text(visible_line(message)), soft_wrap=True)

    def _height(self, parts: Iterable[RenderableType]) -> int:
        return sum(len(self.out.render_lines(part, pad=False)) for part in parts)


def write_file(path: Path, content: bytes) -> None:
    """Put a file there, or leave the one that is; raises OutputNotWritten."""
    from index.store.atomic_files import replace_file

    try:
        replace_file(path, content)
    except OSError as exc:
        raise OutputNotWritten(messages.not_written(path=path, reason=exc.strerror)) from exc


@contextmanager
def _writing() -> Iterator[None]:
    """Raise OutputNotWritten where writing fails, but let BrokenPipeError through."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as exc:
        raise OutputNotWritten(
            _("The output could not be written: {reason}.").format(reason=exc.strerror)
        ) from exc
