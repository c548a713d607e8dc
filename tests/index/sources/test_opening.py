"""Files are opened below a folder, whatever a name has become since it was looked at."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from index.document import Document
from index.errors import UnreadableDocument
from index.parsing import ParsingLimits, may_name_another_audience, parse_file
from index.sources.folder import UNOPENED, scan
from index.sources.opening import open_below

LIMITS = ParsingLimits()
SUFFIXES = frozenset({".md"})
AUDIENCE = "---\naudience: board\n---\n# Secret\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "secret.md").write_text(AUDIENCE)
    (tmp_path / "corpus/a").mkdir(parents=True)
    (tmp_path / "corpus/a/plan.md").write_text("# Plan\n")
    return tmp_path / "corpus"


def swap(corpus: Path, target: Path) -> None:
    """Make a link of the file that was looked at, or of the folder that it is in."""
    (corpus / "a/plan.md").unlink()
    if target.is_dir():
        (corpus / "a").rmdir()
        (target / "plan.md").write_text(AUDIENCE)
        (corpus / "a").symlink_to(target)
    else:
        (corpus / "a/plan.md").symlink_to(target)


@pytest.mark.parametrize("outside", ["secret.md", "."])
def test_a_link_that_was_swapped_in_leads_nowhere(
    corpus: Path, tmp_path: Path, outside: str
) -> None:
    file = scan(corpus, SUFFIXES)["a/plan.md"]
    last_good = Document("a/plan.md", "Plan", "# Plan\n", ())
    swap(corpus, tmp_path / outside)
    with pytest.raises(OSError, match="leads elsewhere"):
        open_below(corpus, file.path)
    with pytest.raises(UnreadableDocument) as refused:
        parse_file(file.path, file.name, limits=LIMITS)
    assert refused.value.reason == "it is a link that leads out of the corpus"
    assert refused.value.unopened
    assert not may_name_another_audience(file.path, last_good)
    assert file.is_unchanged(UNOPENED, 0)


def test_a_link_within_is_followed(corpus: Path) -> None:
    (corpus / "link.md").symlink_to("a/plan.md")
    assert parse_file(corpus / "link.md", "link.md", limits=LIMITS).title == "Plan"


def test_a_pipe_does_not_wait_for_a_writer(corpus: Path) -> None:
    os.mkfifo(corpus / "pipe.md")
    os.close(open_below(corpus, corpus / "pipe.md"))
