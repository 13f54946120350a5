"""Proves a store: every archived file, text and row of the custody log is what it was when it came in."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from storage import attest, captures, custody
from storage.database import Database, Transaction
from storage.errors import StoreError, VaultError
from storage.records import digest
from storage.vault import Vault

_PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not hold.

    Attributes:
        kind: `vault`, `capture`, `post`, `text`, `custody` or `database`.
        subject: the name of the file, the id or digest, or the number of the custody row.
        why: what is wrong with it.
    """

    kind: str
    subject: str
    why: str


def verify(db: Database, vault: Vault, progress: Callable[[int, int], None] | None = None) -> list[Fault]:
    """Check the whole store and name everything that does not hold; an empty list where all does.

    `progress` is told how many archived files have been hashed, and about how many there are.
    """
    faults: list[Fault] = []
    expected: dict[str, tuple[str, str]] = {}
    try:
        with db.read() as tx:
            faults += (Fault("database", db.path.name, line) for line in tx.integrity())
            for part in (_custody(tx), _captures(tx, expected), _posts(tx), _texts(tx)):
                faults.extend(part)
            for sha256 in _images(tx):
                expected.setdefault(sha256, ("image", sha256))
    except StoreError as error:
        faults.append(Fault("database", db.path.name, str(error)))
    for sha256, (kind, subject) in sorted(expected.items()):
        if why := _why_missed(vault, sha256):
            faults.append(Fault("vault", sha256, f"{why}; it belongs to the {kind} {subject}"))
    try:
        for done, fault in enumerate(vault.check(), start=1):
            if fault:
                faults.append(Fault("vault", fault.name.rpartition("/")[2], fault.why))
            if progress:
                progress(done, max(done, len(expected)))
    except (OSError, StoreError) as error:
        faults.append(Fault("vault", vault.root.name, f"the files could not all be hashed again ({error})"))
    return faults


def _custody(tx: Transaction) -> Iterator[Fault]:
    for fault in custody.walk(tx):
        yield Fault("custody", str(fault.seq), fault.why)


def _captures(tx: Transaction, expected: dict[str, tuple[str, str]]) -> Iterator[Fault]:
    """Hold every capture against its custody row, both ways."""
    logged = "(SELECT min(l.seq) FROM custody l WHERE l.subject = c.id AND l.action = :action)"  # one row, the first
    sql = (
        f"SELECT {captures.COLUMNS}, d.detail AS detail FROM captures c"  # noqa: S608
        f" LEFT JOIN custody d ON d.seq = {logged} WHERE c.id > :above ORDER BY c.id LIMIT :page"
    )
    for row in _pages(tx, sql, "c_id", {"action": captures.CUSTODY_ACTION}):
        capture = captures.of_row(row)
        expected[str(capture.sha256)] = ("capture", str(capture.id))
        if row["detail"] is None:
            yield Fault("capture", str(capture.id), "it has no row in the custody log")
        elif changed := _changed(captures.custody_detail(capture), row["detail"]):
            yield Fault("capture", str(capture.id), f"its {changed} is not what the custody log says")
    gone = (
        "SELECT l.subject AS subject FROM custody l WHERE l.action = :action AND l.subject > :above"
        " AND NOT EXISTS (SELECT 1 FROM captures c WHERE c.id = l.subject) ORDER BY l.subject LIMIT :page"
    )
    for row in _pages(tx, gone, "subject", {"action": captures.CUSTODY_ACTION}):
        yield Fault("capture", str(row["subject"]), "the custody log has it, the store does not")


def _changed(held: Mapping[str, Any], detail: str) -> str:
    try:
        logged = json.loads(detail)
    except ValueError:
        return ""  # the walk of the log names that row
    if not isinstance(logged, dict):
        return ""
    return ", ".join(name for name, value in held.items() if name in logged and logged[name] != value)


def _posts(tx: Transaction) -> Iterator[Fault]:
    """Hold every post against what the custody log says of it, and name one that no capture brought."""
    for subject, why in attest.faults(tx):
        yield Fault("post", subject, why)
    sql = (
        "SELECT p.id AS id FROM posts p WHERE p.id > :above AND NOT EXISTS"
        " (SELECT 1 FROM captures c WHERE c.post_id = p.id) ORDER BY p.id LIMIT :page"
    )
    for row in _pages(tx, sql, "id", {}):
        yield Fault("post", str(row["id"]), "no capture brought it")


def _images(tx: Transaction) -> Iterator[str]:
    sql = "SELECT sha256 FROM images WHERE sha256 > :above ORDER BY sha256 LIMIT :page"
    return (str(row["sha256"]) for row in _pages(tx, sql, "sha256", {}))


def _texts(tx: Transaction) -> Iterator[Fault]:
    sql = "SELECT sha256, text FROM texts WHERE sha256 > :above ORDER BY sha256 LIMIT :page"
    for row in _pages(tx, sql, "sha256", {}):
        if not isinstance(row["text"], bytes) or digest(row["text"]) != row["sha256"]:
            yield Fault("text", str(row["sha256"]), "the stored text is not the one of its digest")


def _why_missed(vault: Vault, sha256: str) -> str:
    """Say why an expected file is not among those that `Vault.check` hashes again; empty where it is."""
    try:
        mode = vault.path(sha256).lstat().st_mode
    except VaultError:  # the digest in the table was changed to something that is none
        return "no archived file can have that name"
    except (FileNotFoundError, NotADirectoryError):
        return "the file is missing"
    except OSError as error:
        return f"the file cannot be reached ({error.strerror})"
    return "a folder stands in the place of the file" if stat.S_ISDIR(mode) else ""


def _pages(tx: Transaction, sql: str, key: str, params: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    above = ""
    while True:
        with tx.lenient():
            found = tx.rows(sql, {**params, "above": above, "page": _PAGE})
        yield from found
        if len(found) < _PAGE or not attest.advances(above, found[-1][key]):
            return
        above = found[-1][key]
