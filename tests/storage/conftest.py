"""A store in a fresh folder, and makers of records with sensible defaults."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.database import DATABASE_FILE, Database
from storage.vault import VAULT_FOLDER, Vault

NOON = datetime(2016, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(name="db")
def fixture_db(tmp_path: Path) -> Iterator[Database]:
    """An empty store whose clock stands still."""
    with Database.open(tmp_path / DATABASE_FILE, lambda: NOON) as db:
        yield db


@pytest.fixture(name="vault")
def fixture_vault(tmp_path: Path) -> Vault:
    """An empty vault beside that store."""
    return Vault(tmp_path / VAULT_FOLDER)
