"""Files of arrays, and strings in arrays."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import IndexDamaged
from index.store.segments import blocks as module
from index.store.segments.blocks import (
    Arrays,
    SortedStrings,
    StringArray,
    bound_mapped,
    narrowed,
    read_blocks,
    strings_of,
    write_blocks,
)
from index.text import fold


def test_arrays_are_read_as_they_were_written(tmp_path: Path) -> None:
    arrays: Arrays = {
        "one": np.arange(5, dtype=np.uint32),
        "none": np.zeros(0, np.uint8),
        "other": np.array([-3, 2**40]),
        "half": np.ones(3, np.float16),
    }
    write_blocks(tmp_path / "f", arrays)
    found = read_blocks(tmp_path / "f")
    assert found.keys() == arrays.keys()
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        assert found[name].tolist() == array.tolist()
        assert not found[name].flags.writeable


@pytest.mark.parametrize("content", [b"", b"{", b"[[1]]\n", b'[["a","O",1,0]]\n' + bytes(99)])
def test_what_is_no_such_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "f").write_bytes(content)
    with pytest.raises(OSError, match="f is no file of arrays"):
        read_blocks(tmp_path / "f")


def test_an_array_that_is_checked_is_refused_where_it_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "f"
    arrays: Arrays = {"one": np.arange(9, dtype=np.uint32), "other": np.zeros(0, np.uint8)}
    write_blocks(path, arrays, {"one", "other"})
    assert read_blocks(path)["one"].tolist() == list(range(9))
    content = bytearray(path.read_bytes())
    content[content.index(arrays["one"].tobytes())] ^= 1
    path.write_bytes(content)
    with pytest.raises(OSError, match="damaged"):
        read_blocks(path)


@pytest.mark.parametrize(
    ("most", "kind"),
    [(0, "u1"), (255, "u1"), (256, "u2"), (65_535, "u2"), (65_536, "u4"), (2**33, "u8")],
)
def test_numbers_take_no_more_room_than_they_need(most: int, kind: str) -> None:
    assert narrowed(np.array([0, most])).dtype == np.dtype(kind)


@given(st.sets(st.text(max_size=6)), st.text(max_size=6))
def test_strings_in_order_are_found(strings: set[str], other: str) -> None:
    ordered = sorted(strings)
    arrays = strings_of("s", ordered)
    stored = StringArray(arrays["s.text"], arrays["s.ends"])
    found = SortedStrings[bytes](stored, list)
    assert [stored[number] for number in range(len(stored))] == ordered
    for number, each in enumerate(ordered):
        assert found.having(each.encode()) == range(number, number + 1)
    assert bool(found.having(other.encode())) is (other in strings)


@given(st.lists(st.text("aäb", max_size=3), max_size=120), st.text("ab", max_size=3))
def test_all_strings_of_one_key_are_found_with_few_others(strings: list[str], key: str) -> None:
    ordered = sorted(strings, key=lambda each: (fold(each), each))
    keys = [fold(each) for each in ordered]
    read = []

    def keys_of(some: list[bytes]) -> list[str]:
        read.append(len(some))
        return [fold(each.decode()) for each in some]

    arrays = strings_of("s", ordered)
    found = SortedStrings[str](StringArray(arrays["s.text"], arrays["s.ends"]), keys_of)
    having = found.having(key)
    assert list(having) == [number for number, each in enumerate(keys) if each == key]
    read.clear()
    assert found.having(key) == having
    assert sum(read) <= 2 * 16


def test_the_first_search_among_many_strings_makes_few_keys() -> None:
    ordered = [f"{number:05}" for number in range(5_000)]
    made = []

    def keys_of(some: list[bytes]) -> list[bytes]:
        made.extend(some)
        return some

    arrays = strings_of("s", ordered)
    found = SortedStrings[bytes](StringArray(arrays["s.text"], arrays["s.ends"]), keys_of)
    assert found.having(b"04321") == range(4321, 4322)
    assert len(made) < 2 * 16 + 2 * len(ordered).bit_length()


ROWS = np.arange(60_000 * 32, dtype=np.float32)


def test_single_rows_are_those_of_the_array(tmp_path: Path) -> None:
    write_blocks(tmp_path / "f", {"key": np.arange(3), "vector": ROWS})
    numbers = np.array([7, 0, 59_999, 7])
    expected = ROWS.reshape(-1, 32)[numbers].tolist()
    opened, unread = read_blocks(tmp_path / "f"), read_blocks(tmp_path / "f")
    assert opened.rows("vector", numbers, 32).tolist() == expected
    assert opened.rows("vector", numbers[:0], 32).shape == (0, 32)
    (tmp_path / "f").unlink()
    for each in (opened, unread):
        assert each.rows("vector", numbers, 32).tolist() == expected


def test_rows_of_a_file_that_was_cut_off_are_refused(tmp_path: Path) -> None:
    write_blocks(tmp_path / "f", {"vector": ROWS})
    opened = read_blocks(tmp_path / "f")
    os.truncate(tmp_path / "f", 4_096)
    with pytest.raises(IndexDamaged, match="cut off"):
        opened.rows("vector", np.array([0, 59_999]), 32)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux says what is mapped")
def test_what_is_mapped_of_a_file_is_given_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_blocks(tmp_path / "f", {"vector": ROWS})
    opened = read_blocks(tmp_path / "f")
    total = opened["vector"].sum()
    before = module._mapped_bytes()
    bound_mapped([opened])
    assert module._mapped_bytes() == pytest.approx(before, rel=0.02)
    monkeypatch.setattr(module, "_MOST_MAPPED", 0)
    bound_mapped([opened])
    assert module._mapped_bytes() < before - ROWS.nbytes // 2
    assert opened["vector"].sum() == total
