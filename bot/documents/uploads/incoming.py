"""What an upload would change, as one viewer may know: what differs, and for whom it would be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.access import Access, Audience, Viewer
from bot.documents.uploads.uploads import Uploads
from bot.documents.uploads.waiting_files import WaitingFile
from bot.errors import BadUpload
from bot.localization import LazyText
from bot.text import folded_name
from index.comparing.comparison import Comparison, compare
from index.errors import IndexMissing, IndexUnavailable
from index.indexing.extraction.naming import naming_of, naming_of_file
from index.store.catalog.document_table import DocumentRow
from index.store.current import CurrentGeneration
from index.store.generation import Generation
from index.store.quarantine import Quarantine
from index.store.successions.successions import Naming

FOLDER_NOT_YOURS = LazyText("you may not see what is kept there, so you cannot put anything there")
NAME_TAKEN = LazyText("there is a file of that name, which you cannot replace; choose another name")
RIGHT_NOT_KNOWN = LazyText(
    "the index cannot be used just now, and without it nobody can tell whether you may put it there"
)
WIDER = LazyText(
    "others could see it than the one that it would replace; name the same audience in it, or "
    "remove that one first"
)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that waits, and what putting it in would change.

    Whoever is in all `audiences` would see it; `apart` says that the rest of its folder is for
    others, and `unknown` what it names that is no audience. `comparison` is with the document that
    it replaces. `beside` is the like document, in whose folder it would lie. `held` says that a
    rollback took back what it holds.
    """

    file: WaitingFile
    audiences: frozenset[Audience]
    apart: bool = False
    unknown: str = ""
    comparison: Comparison | None = None
    beside: DocumentRow | None = None
    held: bool = False


@dataclass(frozen=True, slots=True)
class Intake:
    """Says what files that wait would change, and whether somebody may put them in."""

    access: Access
    current: CurrentGeneration
    uploads: Uploads

    def incoming(
        self,
        viewer: Viewer,
        token: str,
        file: WaitingFile,
        beside: DocumentRow | None = None,
    ) -> Incoming:
        """Return what a file would change. Blocks, and parses what replaces something."""
        policy = self.access.policy
        audiences = policy.audiences_of(file.name, file.audience)
        comparison = None
        if file.replaces is not None and (generation := self._generation()):
            replaced = generation.catalog.document(file.name)
            if replaced and self.access.may_see(viewer, file.name, generation):
                document = self.uploads.read(token, file)
                comparison = compare(replaced, document) if document else None
        return Incoming(
            file,
            audiences,
            apart=audiences != policy.audiences_of(file.name, None),
            unknown=policy.unknown_in(file.audience),
            comparison=comparison,
            beside=beside,
            held=self.is_held(viewer, file.name, file.sha256),
        )

    def is_held(self, viewer: Viewer, name: str, sha256: str) -> bool:
        """Return whether a rollback took that content back, as far as the viewer may know.

        Also where it had another name.
        """
        held = self._held()
        known = tuple(
            each
            for each in held.taken_back
            if self.access.may_know_of_version(viewer, each.name, each.documents)
        )
        return held.model_copy(update={"taken_back": known}).entry_of(name, sha256) is not None

    def require_uploadable(self, viewer: Viewer, name: str) -> None:
        """Raise BadUpload if the viewer could not see a document of that name. Blocks.

        A person who may put files into a folder can find out that a name in it is taken, but not by
        which document.
        """
        access = self.access
        if not all(map(viewer.is_in, access.policy.audiences_of(name, None))):
            raise BadUpload(FOLDER_NOT_YOURS)
        if not all(
            access.may_know_of_version(viewer, each.name, each.documents)
            for each in self._held().taken_back
            if each.name == name and each.documents
        ):
            raise BadUpload(NAME_TAKEN)
        try:
            generation = self.current.generation()
        except IndexMissing:  # nothing is indexed yet, so the folder alone decides
            return
        except IndexUnavailable as exc:  # the audience in a document's front matter is unknown
            if access.sees_all(viewer):
                return
            raise BadUpload(RIGHT_NOT_KNOWN) from exc
        if not access.may_see_whole(viewer, name, generation):
            raise BadUpload(NAME_TAKEN)

    def require_no_wider(self, file: WaitingFile) -> None:
        """Raise BadUpload if others could see a file than the document that it replaces."""
        generation = self._generation()
        if file.replaces is None or generation is None:
            return
        if file.name not in generation.catalog.document_names():
            return
        before = self.access.audiences_of(file.name)
        after = self.access.policy.audiences_of(file.name, file.audience)
        if not all(any(new.is_within(old) for new in after) for old in before):
            raise BadUpload(WIDER)

    def _held(self) -> Quarantine:
        try:
            held = self.current.store.quarantine()
            generation = self._generation()
            answering = (
                generation.catalog.answering_files() if generation and held.taken_back else {}
            )
        except IndexUnavailable:
            return Quarantine()
        return held.without_answering(answering)

    def _generation(self) -> Generation | None:
        try:
            return self.current.generation()
        except IndexUnavailable:
            return None


def like(rows: Iterable[DocumentRow], file_name: str, title: str = "") -> list[DocumentRow]:
    """Return the files that have the same name, or whose name or title calls the same thing.

    Those of the same name come first, then those in fewer folders.
    """
    wanted = folded_name(file_name)
    called = [each for each in (naming_of_file(file_name), naming_of(title)) if each.words]
    found = []
    for row in rows:
        last = PurePosixPath(row.name).name
        if row.file or row.title is None:
            continue
        if folded_name(last) == wanted:
            found.append((0, row.name.count("/"), row.name, row))
        elif any(_is_same(one, each) for one in called for each in _named(last, row.title)):
            found.append((1, row.name.count("/"), row.name, row))
    return [row for *_rank, row in sorted(found, key=lambda each: each[:3])]


def _named(file_name: str, title: str) -> Iterator[Naming]:
    yield naming_of_file(file_name)
    yield naming_of(title)


def _is_same(one: Naming, other: Naming) -> bool:
    return one.words == other.words and one.kinds == other.kinds
