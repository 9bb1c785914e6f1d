"""A redaction leaves who, when and why, and no word of the entry: not in the tables, not in the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from kb.entries.editorial import LinkState, SourceRead
from kb.entries.entry import Status
from kb.entries.revision import Step
from kb.errors import CurationError, EntryError, StoreError
from kb.search.embedder import HashEmbedder
from kb.search.index import Index
from kb.store.database import connect, reading, upgrade, writing
from kb.store.entries import Store
from tests.unit.kb.curate.curating import ADMIN, REVIEWER, WRITER, curation_on, sound

SECRET = "Zorblatt"


def test_nothing_of_a_redacted_entry_is_left(store: Store, tmp_path: Path) -> None:
    curation = curation_on(store, reviewers=(REVIEWER,))
    read = SourceRead(state=LinkState.OK, text=f"{SECRET} was seen at the harbour.")
    url = f"https://paper.example/{SECRET}"
    original = {"publisher": "P", "title": f"On {SECRET}", "url": url}
    secret = sound("a", title=f"About {SECRET}", original=original)
    curation.add(secret, by=WRITER, why=f"{SECRET} asked for it", read=read)
    curation.edit(secret.model_copy(update={"summary": f"{SECRET} again."}), by=WRITER, base=1, read=read)
    curation.publish("a", by=REVIEWER, read=read)
    curation.import_entries([sound("b", title="Quite another story")], by=ADMIN)
    index = Index(store, HashEmbedder())
    index.follow()
    index.encode(100)
    assert store.fingerprints(["a"]).get("a")
    curation.redact("a", by=ADMIN, why="order of a court, 2026/12")
    index.follow()
    assert len(index) == 1
    assert (store.get("a"), store.fingerprints(["a"]).get("a")) == (None, None)
    steps = [(each.step, each.by, each.note, each.entry) for each in store.history("a")]
    assert steps == [
        (Step.ADD, WRITER, "", None),
        (Step.EDIT, WRITER, "", None),
        (Step.PUBLISH, REVIEWER, "", None),
        (Step.REDACT, ADMIN, "order of a court, 2026/12", None),
    ]
    with reading(store._engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM originals")).scalar() == 0
        left = connection.execute(text("SELECT count(*) FROM vectors")).scalar()
    fresh = Index(store, HashEmbedder())
    fresh.follow()
    assert fresh.encode(0) == 0
    with writing(store._engine) as connection:
        connection.execute(text("DELETE FROM vectors"))
    fresh = Index(store, HashEmbedder())
    fresh.follow()
    fresh.encode(100)
    with reading(store._engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM vectors")).scalar() == left
    for path in tmp_path.glob("caveat.db*"):
        assert SECRET.encode() not in path.read_bytes(), path.name


def test_nothing_follows_a_redaction(store: Store) -> None:
    curation = curation_on(store)
    curation.add(sound(), by=WRITER)
    curation.redact("a", by=ADMIN, why="a court's order")
    told = rf"a was redacted on 2026-11-22 by {ADMIN} \(a court's order\)"
    with pytest.raises(CurationError, match=told):
        curation.add(sound(), by=WRITER)
    with pytest.raises(CurationError, match=told):
        curation.redact("a", by=ADMIN, why="again")
    with pytest.raises(EntryError, match="was redacted"):
        curation.import_entries([sound()], by=ADMIN)
    assert curation.propose([sound()], by=ADMIN).redacted == ("a",)
    assert list(store.entries()) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE revisions SET body = ''",
        "UPDATE revisions SET body = '', changed_by = 'me' WHERE entry_id = 'gone'",
        "UPDATE revisions SET note = 'other' WHERE step = 'redact'",
        "DELETE FROM revisions WHERE entry_id = 'gone'",
    ],
)
def test_only_a_redaction_erases_and_only_the_text(store: Store, statement: str) -> None:
    curation = curation_on(store)
    curation.add(sound("kept"), by=WRITER)
    curation.add(sound("gone", title="Quite another story"), by=WRITER)
    curation.redact("gone", by=ADMIN, why="a court's order")
    with pytest.raises(StoreError, match="never changed or deleted"), writing(store._engine) as connection:
        connection.execute(text(statement))
    entry = store.get("kept")
    assert entry
    assert entry.status is Status.DRAFT


def test_a_store_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path}/old.db")
    upgrade(engine, "kb.store")
    Store(engine).save([sound("a"), sound("b", status="draft")], by="desk")
    with writing(engine) as connection:
        connection.execute(text("DROP TRIGGER revisions_refuse_update"))
        for table in ("originals", "flags", "role_changes"):
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("DROP INDEX ix_entries_working"))
        for column in ("entries.latest", "entries.working", "revisions.step"):
            table, _, name = column.partition(".")
            connection.execute(text(f"ALTER TABLE {table} DROP COLUMN {name}"))
        connection.execute(
            text(
                "CREATE TRIGGER revisions_refuse_update BEFORE UPDATE ON revisions "
                "BEGIN SELECT RAISE(ABORT, 'revisions are never changed or deleted'); END"
            )
        )
        connection.execute(text("UPDATE kb_alembic_version SET version_num = '0001'"))
    upgrade(engine, "kb.store")
    store = Store(engine)
    assert [trail.entry_id for trail in store.working(Status.DRAFT)] == ["b"]
    curation = curation_on(store, reviewers=(REVIEWER,))
    assert [each.step for each in curation.trail("a").revisions] == [Step.IMPORT]
    curation.publish("b", by=REVIEWER)
    engine.dispose()
    plain = create_engine(f"sqlite:///{tmp_path}/old.db")
    assert "flags" in inspect(plain).get_table_names()
    plain.dispose()
