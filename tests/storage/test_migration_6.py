"""A store of the fifth version, with dismissals in words alone and no boilerplate, becomes one of the sixth."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from storage import alerts, boilerplate, dismissals
from storage.alerts import Act, Triage, TriageState
from storage.boilerplate import Kind, Mark
from storage.database import DATABASE_FILE, Database
from storage.dismissals import Reason
from storage.schema import SCHEMA_VERSION
from tests.commands.alerted import CHANNEL, TEAM, after, alert, archived
from tests.storage.makers import image

SAID = {
    0: ("Not the same picture: look at the roofs", Reason.NOT_SAME_PICTURE),
    1: ("The same event, rightly shown again", Reason.SAME_EVENT),
    2: ("Known already", Reason.KNOWN),
    3: ("Another reason: a drill", Reason.OTHER),
    4: ("known", Reason.OTHER),
}


def test_dismissals_are_kept_with_what_they_mean_and_pictures_can_be_marked(tmp_path: Path) -> None:
    """The reason that was chosen is read from its words, unknown words are another reason; marks can be made."""
    path = tmp_path / DATABASE_FILE
    with Database.open(path) as db, db.write() as tx:
        archived(tx)
        for number, (words, _) in SAID.items():
            alerts.raise_once(tx, alert(number))
            step = Triage(Act.DISMISS, TriageState.DISMISSED, "U1", after(number), words)
            alerts.decide(tx, alert(number).id, step)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("DROP TABLE boilerplate")
    connection.execute("DROP INDEX alerts_of_pictures")
    connection.execute("ALTER TABLE triage DROP COLUMN why")
    connection.execute("DELETE FROM counters WHERE name = 'boilerplate'")
    connection.execute("DELETE FROM _sqlite_migrations WHERE name LIKE '6 %'")
    connection.execute("PRAGMA user_version = 5")
    connection.close()
    with Database.open(path) as db, db.write() as tx:
        assert tx.row("PRAGMA user_version") == {"user_version": SCHEMA_VERSION}
        assert tx.rows("PRAGMA foreign_key_check") == []
        for number, (words, why) in SAID.items():
            [held] = dismissals.of_pair(tx, TEAM, f"pair-{number}")
            assert (held.why, held.reason, held.actor, held.channel) == (why, words, "U1", CHANNEL)
        mark = Mark("m", TEAM, image("one").sha256, Kind.LOGO, "", "U1", after(9))
        assert boilerplate.put(tx, mark)
        assert boilerplate.standing(tx, TEAM) == [mark]
        assert boilerplate.revision(tx) == 1
