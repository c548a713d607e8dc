"""Quarantine: versions of files that a rollback took back, which no reindex takes in by itself.

They stand in the file HELD beside CURRENT: damage to a generation, a new format of the index and
the loss of CURRENT leave them as they are. A version that answers is not held, whatever HELD says;
so HELD is written before the rollback is published, and a kill in between changes nothing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from index.errors import IndexUnreadable
from index.store.atomic_files import replace_file
from index.store.catalog.catalog import Catalog
from index.store.catalog.document_table import Version
from index.store.file_errors import not_opened
from index.store.generation import digest_of


class QuarantinedVersion(BaseModel):
    """A version of a file that a rollback took back.

    `documents` are those that the file was or held, each with the audience that it named. `beside`
    is the digest of what answers in its place: the audiences of both are the same. It is empty
    where nothing does, or nobody knows.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    sha256: str
    documents: tuple[tuple[str, str | None], ...] = ()
    beside: str = ""

    def is_beside(self, versions: Mapping[str, Version]) -> bool:
        """Return whether it stands beside these documents, of all that answer."""
        return self.beside == digest_of_versions(self.name, versions) != ""


class Quarantine(BaseModel):
    """What is held back.

    `let_in` are files, by name and SHA-256, that may have the content of a version that was taken
    back under another name. With `unknown`, it is not known what was taken back: the next reindex
    holds back whatever differs from what answers.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    taken_back: tuple[QuarantinedVersion, ...] = ()
    let_in: tuple[tuple[str, str], ...] = ()
    unknown: bool = False

    def entry_of(self, name: str, sha256: str) -> QuarantinedVersion | None:
        """Return what holds that content of a file back; None where nothing does.

        A file that was given another name is still what was taken back.
        """
        same = [each for each in self.taken_back if each.sha256 == sha256]
        own = next((each for each in same if each.name == name), None)
        if own or not same or (name, sha256) in self.let_in:
            return own
        return QuarantinedVersion(
            name=name,
            sha256=sha256,
            documents=tuple(
                (name + document.removeprefix(same[0].name), audience)
                for document, audience in same[0].documents
            ),
        )

    def assumed(self, name: str, sha256: str) -> QuarantinedVersion | None:
        """Return what holds that content back where nobody knows what was taken back."""
        return QuarantinedVersion(name=name, sha256=sha256) if self.unknown else None

    def without_answering(self, answering: Mapping[str, str]) -> Quarantine:
        """Return what is held back beside these files, by name with their SHA-256, which answer."""
        kept = tuple(each for each in self.taken_back if answering.get(each.name) != each.sha256)
        known = {each.sha256 for each in kept}
        let_in = {
            *self.let_in,
            *((name, sha256) for name, sha256 in answering.items() if sha256 in known),
        }
        return self.model_copy(
            update={
                "taken_back": kept,
                "let_in": tuple(sorted(each for each in let_in if each[1] in known)),
            }
        )

    def including(
        self, taken: Collection[QuarantinedVersion], *, unknown: bool = False
    ) -> Quarantine:
        """Return what is held back together with these versions."""
        new = {(each.name, each.sha256) for each in taken}
        others = (each for each in self.taken_back if (each.name, each.sha256) not in new)
        return Quarantine(
            taken_back=tuple(sorted((*others, *taken), key=lambda each: each.name)),
            let_in=tuple(each for each in self.let_in if each not in new),
            unknown=self.unknown or unknown,
        )

    def without(self, name: str) -> Quarantine:
        """Return what is held back beside all versions of a document or file of that name."""
        return self.model_copy(
            update={
                "taken_back": tuple(
                    each
                    for each in self.taken_back
                    if name not in (each.name, *dict(each.documents))
                ),
                "let_in": tuple(each for each in self.let_in if each[0] != name),
            }
        )


def versions_to_quarantine(
    before: Catalog, withheld: Collection[str], after: Catalog, versions: Mapping[str, Version]
) -> list[QuarantinedVersion]:
    """Return the versions of files that answer before a rollback, and not after it.

    Of the documents before, those `withheld` do not answer; `versions` are those afterwards.
    """
    documents: defaultdict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for name, version in sorted(before.versions().items()):
        if name not in withheld:
            documents[version.file or name].append((name, version.audience))
    now = after.answering_files()
    return [
        QuarantinedVersion(
            name=name,
            sha256=sha256,
            documents=tuple(documents[name]),
            beside=digest_of_versions(name, versions),
        )
        for name, sha256 in sorted(before.answering_files().items())
        if now.get(name) != sha256 and name in documents
    ]


def digest_of_versions(file: str, versions: Mapping[str, Version]) -> str:
    """Return a digest of a file's documents; empty where there are none."""
    found = {
        name: [version.sha256, version.audience]
        for name, version in sorted(versions.items())
        if file in (name, version.file)
    }
    return digest_of(found) if found else ""


def read_quarantine(path: Path) -> Quarantine:
    """Read HELD; of a file that is damaged nothing is known. Raises IndexUnreadable."""
    try:
        return quarantine_in(path.read_bytes())
    except FileNotFoundError:
        return Quarantine()
    except OSError as exc:
        error = not_opened(path, exc)
        if isinstance(error, IndexUnreadable):
            raise error from exc
        return Quarantine(unknown=True)


def quarantine_in(written: bytes) -> Quarantine:
    """Return what was written to be held; of what is damaged nothing is known."""
    try:
        content: dict[str, Any] = json.loads(written)
        sealed = content.pop("sha256")
        quarantine = Quarantine.model_validate(content)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return Quarantine(unknown=True)
    return quarantine if sealed == digest_of(content) else Quarantine(unknown=True)


def write_quarantine(path: Path, quarantine: Quarantine) -> None:
    """Replace HELD, atomically and durably; remove it where nothing is held."""
    if quarantine == Quarantine():
        path.unlink(missing_ok=True)
        return
    replace_file(path, sealed_quarantine(quarantine))


def sealed_quarantine(quarantine: Quarantine) -> bytes:
    """Return what is held as it is written, with its checksum."""
    content = quarantine.model_dump(mode="json")
    return json.dumps({**content, "sha256": digest_of(content)}).encode()
