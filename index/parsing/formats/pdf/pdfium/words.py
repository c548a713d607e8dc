"""Words of a PDF's page: where they begin, how they are written, and whether they are seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import starmap
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.parsing.formats.pdf.pdfium.characters import Characters
from index.parsing.formats.pdf.pdfium.notes import Note
from index.parsing.formats.pdf.pdfium.objects import PageObjects
from index.parsing.formats.pdf.pdfium.sight import Sight
from index.parsing.page_content import DIVIDING, Box, Word

_HYPHENS = (0x2, 0xAD, 0xFFFE)
_WORD_GAP = 0.3  # of the type size: characters further apart are not of one word
_UNSEEN_GAP = 0.03  # of the type size: no more is between letters without a space
_AFTER_F = tuple(map(ord, "filjt"))
_SMALL = 0.82  # of the type size of a word: so small are its raised figures,
_RISE = 0.2  # and so far above its foot
_MOST_POINTS = 50_000_000  # that are compared with boxes
_MOST_LABELS = 10_000
_CUT_OFF = 1.0  # points, within which the words lie that are cut off from a cell
_RAISED = {
    ord(plain): ord(high) for plain, high in zip("0123456789-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻", strict=True)
}


def words_of(
    characters: Characters, sight: Sight, objects: PageObjects
) -> tuple[list[Word], list[Word], bool]:
    """Return the words that are seen, those that are not, and whether the seen are recognised."""
    boxes = sight.boxes(*characters.boxes.T)
    turned = characters.turned(sight)
    x, y = characters.origins.T
    seen_origins = sight.boxes(x, y, x, y)
    baselines = np.where(turned % 180 == 90, seen_origins[:, 0], seen_origins[:, 1])
    starts = _word_starts(characters, boxes, turned, baselines)
    sizes = np.maximum.reduceat(characters.sizes[characters.run_of], starts)
    codes = characters.codes
    _restore_ligatures(codes, boxes)
    _raise_digits(characters, starts, sizes, baselines)
    codes[np.isin(codes, _HYPHENS)] = ord(DIVIDING)
    codes[(codes >= 0xD800) & (codes < 0xE000) | (codes > 0x10FFFF)] = 0xFFFD
    text = codes.astype("<u4").tobytes().decode("utf-32-le")
    ends = np.append(starts[1:], len(codes))
    low = np.minimum.reduceat(boxes[:, :2], starts)
    high = np.maximum.reduceat(boxes[:, 2:], starts)
    places = np.concatenate((low, high), axis=1)
    run = characters.run_of[starts]
    words = list(
        map(
            Word,
            [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)],
            starmap(Box, places.tolist()),
            sizes.tolist(),
            characters.bold[run].tolist(),
            turned[run].tolist(),
            baselines[run].tolist(),
            characters.cells[run].tolist(),
        )
    )
    seen, is_recognised = _is_seen(
        places, characters.invisible[run], characters.white[run], sight, objects
    )
    hidden = [word for word, is_seen in zip(words, seen.tolist(), strict=True) if not is_seen]
    if hidden:
        words = [word for word, is_seen in zip(words, seen.tolist(), strict=True) if is_seen]
    corners = np.rint(places[:, 0]) + 1j * np.rint(places[:, 1])
    if len(np.unique(corners)) < len(corners):
        words, hidden = _once(words), _once(hidden)
    return words, hidden, is_recognised


def _once(words: Iterable[Word]) -> list[Word]:
    """Return the words without those that were drawn in the same place before.

    PDFium leaves them out only where one text object follows the other.
    """
    places = dict[tuple[str, int, int, int, int], Word]()
    for number, word in enumerate(words):
        corner = round(word.box.left), round(word.box.top)
        is_cut_off = word.cell and word.box.right - word.box.left < _CUT_OFF
        apart = number if is_cut_off else 0  # such words lie in one place
        places.setdefault((word.text, *corner, word.turned, apart), word)
    return list(places.values())


def _restore_ligatures(codes: NDArray[np.uint32], boxes: NDArray[np.float32]) -> None:
    """Put the letters of an Arabic ligature, which share a box, in the order of reading.

    PDFium turns each line of Arabic round, and with it the letters that one sign stands for.
    """
    shared = np.all(boxes[1:] == boxes[:-1], axis=1)
    shared &= (codes[1:] >= 0x600) & (codes[1:] < 0x780) & (codes[:-1] >= 0x600)
    done = 0
    for start in np.flatnonzero(shared).tolist():
        if start < done:
            continue
        done = start + 1
        while done < len(codes) and shared[done - 1]:
            done += 1
        codes[start:done] = codes[start:done][::-1].copy()


def _raise_digits(
    characters: Characters,
    starts: NDArray[np.intp],
    most: NDArray[np.float32],
    baselines: NDArray[np.float32],
) -> None:
    """Write the small raised figures of a word as such: 10⁶ is not 106, nor 1,304¹ 13,041."""
    codes, sizes = characters.codes, characters.sizes[characters.run_of]
    lengths = np.diff(np.append(starts, len(codes)))
    size = np.repeat(most, lengths)
    small = sizes <= _SMALL * size
    if not small.any():
        return
    height = baselines[characters.run_of]
    foot = np.maximum.reduceat(np.where(small, np.float32(-1e9), height), starts)
    raised = small & (np.repeat(foot, lengths) - height >= _RISE * size)
    raised[starts] = False
    for at in np.flatnonzero(raised).tolist():
        codes[at] = _RAISED.get(int(codes[at]), int(codes[at]))


def _word_starts(
    characters: Characters,
    boxes: NDArray[np.float32],
    turned: NDArray[np.int32],
    baselines: NDArray[np.float32],
) -> NDArray[np.intp]:
    """Return which characters begin a word: after a space, at a distance, or turned otherwise."""
    run_of = characters.run_of
    sideways = (turned % 180 == 90)[run_of]
    low = np.where(sideways, boxes[:, 1], boxes[:, 0])
    high = np.where(sideways, boxes[:, 3], boxes[:, 2])
    apart = np.maximum(low[1:] - high[:-1], low[:-1] - high[1:])
    sizes = characters.sizes[run_of]
    size = np.maximum(sizes[1:], sizes[:-1])
    parted = (apart > _WORD_GAP * size) | (np.diff(turned[run_of]) != 0)
    is_script = np.minimum(sizes[1:], sizes[:-1]) < 0.85 * size  # small, raised or lowered
    parted |= np.abs(np.diff(baselines[run_of])) > np.where(is_script, 0.6, 0.35) * size
    rises = baselines[run_of][:-1] - baselines[run_of][1:]
    gap = low[1:] - high[:-1]
    # PDFium takes a raised figure for a line of its own where each letter is set by itself.
    is_raised = (sizes[1:] <= _SMALL * sizes[:-1]) & _is_digit(characters.codes[1:])
    is_raised &= (rises >= _RISE * size) & (rises <= 0.6 * size) & ~sideways[1:]
    is_raised &= (gap >= -_WORD_GAP * size) & (gap <= 0.12 * size)
    no_space = (gap >= -_WORD_GAP * size) & (gap <= _UNSEEN_GAP * size) & (np.diff(run_of) == 0)
    no_space &= _is_after_ligature(characters.codes)[1:]
    begins = characters.after_space.copy()
    begins[1:] &= ~is_raised & ~no_space
    begins[1:] |= parted & characters.pieces[1:]
    return np.flatnonzero(begins)


def _is_digit(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (codes >= ord("0")) & (codes <= ord("9"))
    return found


def _is_after_ligature(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Return which characters follow "fi" or the like, under which some programs set a space."""
    found = np.zeros(len(codes), np.bool_)
    found[2:] = (codes[:-2] == ord("f")) & np.isin(codes[1:-1], _AFTER_F)
    return found


def with_notes(words: list[Word], notes: Sequence[Note], sight: Sight) -> list[Word]:
    """Return the words with those of form values and notes, as if they were printed there.

    A value comes in the file after the word to its left, which is its label.
    """
    usual = float(np.median([word.size for word in words])) if words else 10.0
    after: dict[int, list[Word]] = {}
    for note in notes:
        box = Box(*sight.boxes(*note.place).tolist())
        at = _label_of(box, words)
        foot = words[at].baseline if at is not None else None
        place = len(words) - 1 if at is None else at
        after.setdefault(place, []).extend(_placed(note.text, box, usual, foot))
    merged = after.get(-1, [])
    for at, word in enumerate(words):
        merged += [word, *after.get(at, ())]
    return merged


def _label_of(box: Box, words: Sequence[Word]) -> int | None:
    """Return the number of the last word to the left of a box."""
    middle = (box.top + box.bottom) / 2
    beside = [
        at
        for at, word in enumerate(words[:_MOST_LABELS])
        if word.box.left < box.left and abs(word.baseline - middle) < 0.8 * word.size
    ]
    return max(beside, key=lambda at: words[at].box.left, default=None)


def _placed(text: str, box: Box, usual: float, foot: float | None) -> Iterator[Word]:
    lines = [line for line in text.split("\n") if line.split()]
    height = box.bottom - box.top
    size = min(usual, max(4.0, height / max(1, len(lines))))
    if len(lines) > 1 or height > 3 * size:
        foot = box.top + 1.2 * size
    elif foot is None:
        foot = (box.top + box.bottom) / 2 + 0.35 * size
    for line in lines:
        parts = line.split()
        letter = min(size / 2, max(box.right - box.left, size) / len(line))
        across = box.left
        for part in parts:
            end = across + letter * len(part)
            yield Word(part, Box(across, foot - size, end, foot + size / 4), size, baseline=foot)
            across = end + letter
        foot += 1.2 * size


def _is_seen(
    places: NDArray[np.float32],
    invisible: NDArray[np.bool_],
    white: NDArray[np.bool_],
    sight: Sight,
    objects: PageObjects,
) -> tuple[NDArray[np.bool_], bool]:
    """Return which words are seen: not off the page, invisible, or white on white.

    Invisible words over a picture are what was recognised in it, and count as seen.
    """
    width, height = sight.size
    across, down = (places[:, 0] + places[:, 2]) / 2, (places[:, 1] + places[:, 3]) / 2
    seen = (across >= 0) & (across <= width) & (down >= 0) & (down <= height)
    if 2 * int(seen.sum()) < len(seen):
        seen[:] = True  # the page's own rectangle is wrong
    is_recognised = False
    if invisible.any():
        over = _within(across, down, sight.boxes(*objects.images.T))
        is_recognised = bool((invisible & over & seen).sum() * 2 > len(seen))
        seen &= ~invisible | over
    if white.any():
        grounds: Sequence[NDArray[np.float32]] = (objects.images, objects.fills)
        seen &= ~white | _within(across, down, sight.boxes(*np.concatenate(grounds).T))
    return seen, is_recognised


def _within(
    across: NDArray[Any], down: NDArray[Any], boxes: NDArray[np.float32]
) -> NDArray[np.bool_]:
    """Return which points lie in one of the boxes."""
    found = np.zeros(len(across), np.bool_)
    for left, top, right, bottom in boxes[: _MOST_POINTS // len(across)].tolist():
        found |= (left <= across) & (across <= right) & (top <= down) & (down <= bottom)
    return found
