"""Checks a store by docs/custody.md alone: `python independent_verify.py FOLDER`; exit 1 if anything does not hold."""

import hashlib
import json
import sqlite3
import sys
from pathlib import Path

home = Path(sys.argv[1]).resolve()
db = sqlite3.connect(f"{(home / 'dateline.db').as_uri()}?mode=ro", uri=True)
db.text_factory = lambda data: data.decode("utf-8", "backslashreplace")
db.row_factory = sqlite3.Row
wrong, last_seq, last, logged = list[str](), 0, "0" * 64, dict[str, dict[str, str]]()
records = dict[str, dict[str, dict[str, object]]]()
for seq, at, actor, action, subject, detail, previous, own in db.execute("SELECT * FROM custody ORDER BY seq"):
    try:
        row = [seq, at, actor, action, subject, json.loads(detail), previous]
        text = json.dumps(row, sort_keys=True, separators=(",", ":"))
    except (TypeError, ValueError):
        text = ""
    good = hashlib.sha256(text.encode()).hexdigest() == own and f",{detail}," in text
    if not good or seq != last_seq + 1 or previous != last:
        wrong.append(f"custody row {min(seq, last_seq + 1)}")
    if good and action == "capture":
        logged.setdefault(subject, {**json.loads(detail), "id": subject})
    if good and (record := json.loads(detail).get("record")):
        records[record["of"]] = record
    last_seq, last = seq, own
if (last_seq, last) != tuple(db.execute("SELECT seq, hash FROM custody_head").fetchone() or (0, "0" * 64)):
    wrong.append(f"the end of the custody log, after row {last_seq}")
held = {row["id"]: dict(row) for row in db.execute("SELECT * FROM captures")}
both = {key: {**logged.get(key, {}), **held.get(key, {"missing": ""})} for key in {*held, *logged}}
wrong += [f"capture {key}" for key in both if both[key] != logged.get(key)]
now = {row["id"]: dict(row) for row in db.execute("SELECT * FROM posts")}
wrong += [f"post {key}" for key in records if {**now.get(key, {}), **records[key]["post"]} != now.get(key)]
texts = db.execute("SELECT sha256, CAST(text AS BLOB) FROM texts")
wrong += [f"text {name}" for name, text in texts if hashlib.sha256(text).hexdigest() != name]
files = [path for path in (home / "vault").rglob("*") if path.is_file() and ".incoming" not in path.parts]
wrong += [f"file {path.name}" for path in files if hashlib.sha256(path.read_bytes()).hexdigest() != path.name]
named = db.execute("SELECT sha256 FROM captures UNION SELECT sha256 FROM images")
wrong += [f"file {name}" for name in {row[0] for row in named} - {path.name for path in files}]
print("\n".join(f"{each} does not hold" for each in wrong) or "everything holds")
sys.exit(1 if wrong else 0)
