"""What can go wrong, as one hierarchy whose messages a person can act on.

DatelineError
├── StoreError          the evidence store cannot be used
│   ├── StoreTooNew     written by a newer version of Dateline
│   ├── StoreBusy       another process is writing to it
│   ├── StoreReadOnly   this user may not write to it
│   ├── StoreDamaged    not a Dateline store, or a damaged one
│   └── DiskFull        nothing more can be written
├── VaultError          an archived file is missing or is not what its name says
└── NotFound            asked for something that is not in the store

The rooms above add their own branches (a refused link, a failed capture, an unusable picture).
"""

from __future__ import annotations

from typing import ClassVar


class DatelineError(Exception):
    """One clear sentence for a person, with the next step; `code` is for scripts."""

    code: ClassVar[str] = "failed"


class StoreError(DatelineError):
    """The evidence store cannot be used."""

    code = "store"


class StoreTooNew(StoreError):
    """The store was written by a newer version of Dateline."""

    code = "store_too_new"


class StoreBusy(StoreError):
    """Another process has held the write lock for too long, or wrote to what was being read without a lock."""

    code = "store_busy"


class StoreReadOnly(StoreError):
    """Nothing can be written by this user, who may only read the store; what was to be written is not in it."""

    code = "store_read_only"


class StoreDamaged(StoreError):
    """The file is not a Dateline store, or it is damaged."""

    code = "store_damaged"


class DiskFull(StoreError):
    """The disk is full: what was being written is not in the store, all the rest is."""

    code = "disk_full"


class VaultError(DatelineError):
    """An archived file is missing, or its bytes are not those its name promises."""

    code = "vault"


class NotFound(DatelineError):
    """Something was asked for by name or id that the store does not hold."""

    code = "not_found"
