from __future__ import annotations

import index.errors


def test_every_error_with_facts_keeps_them_in_its_message() -> None:
    assert str(index.errors.IndexDamaged("a/b", "is missing")).startswith(
        "The index is damaged: a/b is missing."
    )
    mismatch = index.errors.IndexMismatch("model", "'new'", "'old'")
    assert (mismatch.expected, mismatch.found) == ("'new'", "'old'")
    assert str(mismatch) == (
        "The index was made with model 'old', but 'new' is in use. "
        "If that is on purpose, run `briefing-bot reindex --full` to build it anew; otherwise "
        "change the setting back."
    )
    assert "Run `briefing-bot reindex`, which" in str(index.errors.IndexOutdated("parser", 2, 1))
    assert "install that version" in str(index.errors.IndexNewer("parser", 2, 3))
    unknown = index.errors.UnknownDocument("a.txt", ("b.txt", "c.txt"))
    assert "Did you mean b.txt or c.txt?" in str(unknown)
    assert "Did you mean" not in str(index.errors.UnknownDocument("a.txt"))
