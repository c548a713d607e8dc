"""Merging in the background: several segments become one while the index is used.

<index>/merging/
    3f0b…/                      a plan, named by its content
        plan.json               which segments become one, and which of their documents are there
        77a1….words …           the files of these, under a second name
        made/                   the segment that was made of them, with its vectors
        made.name               its name, written once both are whole on the disk

Whoever changes the index makes the plan, and takes in what was made of it, under the lock of the
index. To make it takes no lock and changes nothing that is read, so it may be killed at any moment.
What was made takes the place of its segments only while all of these are there.
"""

from __future__ import annotations

import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from index.store.atomic_files import replace_file
from index.store.segments.files import VECTORS, KeptSegment, files_of_segments, link_files

MERGING = "merging"
"""The folder, in that of the index."""
MADE = "made"
_PLAN, _MADE = "plan.json", "made.name"
_NAMED = 16


class MergePlan(BaseModel):
    """Segments that become one, by the names of their files, and the keys of its documents."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sources: tuple[str, ...]
    keys: tuple[int, ...]

    def stands_among(self, segments: Collection[str]) -> bool:
        """Return whether all that becomes one is among these segments."""
        return set(self.sources) <= set(segments)

    def files(self, names: Iterable[str]) -> list[str]:
        """Return which of some files belong to the segments that become one."""
        vectors = tuple(f"-{name[:_NAMED]}{VECTORS}" for name in self.sources)
        return [each for each in names if each in self.sources or each.endswith(vectors)]


class Merging(ABC):
    """What whoever changes the index does: plan what is made in the background, and take it in."""

    def take_in(self, segments: Collection[str]) -> tuple[MergePlan, str] | None:
        """Put what was made beside the segments that are staged, where all that it was made of are
        among these; return of which, and its name."""
        plan = self._standing_plan()
        if plan is None or not plan.stands_among(segments):
            return None
        name = self._stage_made()
        return None if name is None else (plan, name)

    def plan(self, segments: Collection[str], worth: Callable[[], Sequence[KeptSegment]]) -> None:
        """Keep the plan while all of its segments are among those staged; else plan to make one of
        those that are `worth` it."""
        plan = self._standing_plan()
        if plan is not None and plan.stands_among(segments):
            return
        self._forget()
        if kept := worth():
            keys = np.sort(np.concatenate([each.alive for each in kept]))
            sources = tuple(each.name for each in kept)
            self._write(MergePlan(sources=sources, keys=tuple(keys.tolist())))

    @abstractmethod
    def _standing_plan(self) -> MergePlan | None: ...

    @abstractmethod
    def _stage_made(self) -> str | None:
        """Stage the files of what was made; return its name, None where it is not whole yet."""

    @abstractmethod
    def _forget(self) -> None:
        """Forget the plan and what was made of it."""

    @abstractmethod
    def _write(self, plan: MergePlan) -> None: ...


@dataclass(frozen=True, slots=True)
class MergeFolder:
    """The folder of the plan, if there is one, and of what was made of it."""

    root: Path

    @property
    def lock(self) -> Path:
        """The file that is locked while something is made."""
        return self.root / "lock"

    def planned(self) -> Path | None:
        """Return the folder of the plan that stands; None where there is none."""
        with suppress(OSError):
            for each in self.root.iterdir():
                if not each.name.startswith(".") and (each / _PLAN).exists():
                    return each
        return None

    def plan(self) -> MergePlan | None:
        """Return what is to be made, or was made."""
        with suppress(OSError, ValidationError):
            if (folder := self.planned()) is not None:
                return MergePlan.model_validate_json((folder / _PLAN).read_bytes())
        return None

    def made(self) -> str | None:
        """Return the name of what was made; None where it is not whole yet."""
        with suppress(OSError):
            if (folder := self.planned()) is not None:
                return (folder / _MADE).read_text(encoding="utf-8")
        return None

    def finish(self, folder: Path, name: str) -> None:
        """Note that what was planned in a folder is made; raises OSError where the plan is gone."""
        replace_file(folder / _MADE, name.encode())

    def drop(self) -> None:
        """Forget the plan and what was made of it; raises OSError."""
        for each in list(self.root.iterdir()) if self.root.exists() else ():
            if each.is_dir():
                # Under another name first, where nobody adds a file any more.
                gone = self.root / f".{each.name.lstrip('.')}"
                each.rename(gone)
                shutil.rmtree(gone)


@dataclass(frozen=True, slots=True)
class FolderMerging(Merging):
    """Merging of segments that lie in a folder."""

    folder: MergeFolder
    staging: Path
    """Where the files of the segments lie that are changed."""

    def _standing_plan(self) -> MergePlan | None:
        return self.folder.plan()

    def _stage_made(self) -> str | None:
        name, folder = self.folder.made(), self.folder.planned()
        if name is None or folder is None:
            return None
        made = folder / MADE
        link_files(made, files_of_segments(each.name for each in made.iterdir()), self.staging)
        return name

    def _forget(self) -> None:
        self.folder.drop()

    def _write(self, plan: MergePlan) -> None:
        content = plan.model_dump_json().encode()
        # Who still works at another plan finds its folder gone, whatever is here by now.
        folder = self.folder.root / sha256(content).hexdigest()[:_NAMED]
        folder.mkdir(parents=True)
        link_files(self.staging, plan.files(each.name for each in self.staging.iterdir()), folder)
        replace_file(folder / _PLAN, content)
