from __future__ import annotations

import re

import pytest

from bot.config.shard import Shard


def test_each_server_is_in_one_share() -> None:
    shares = [Shard.parse(f"{number}/4") for number in range(1, 5)]
    assert [str(share) for share in shares] == ["1/4", "2/4", "3/4", "4/4"]
    for guild in (1, 5 << 22, 6 << 22, 123456789012345678, None):
        assert sum(share.has(guild) for share in shares) == 1
    assert [share.is_first for share in shares] == [True, False, False, False]
    assert shares[0].has(None)
    assert shares[1].has(5 << 22)  # as Discord counts


@pytest.mark.parametrize("text", ["0/2", "3/2", "a/b", "1", "1/0", "-1/2", "1/99999"])
def test_what_is_no_share(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        Shard.parse(text)
