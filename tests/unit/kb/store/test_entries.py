from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from kb.entries.entry import Entry, Status
from kb.entries.revision import Change, Saved
from kb.errors import EntryError, StoreError
from kb.store.database import writing
from kb.store.entries import Store
from tests.unit.kb.make_entries import make_entry

A, B, C = make_entry("a"), make_entry("b"), make_entry("c")


def test_what_was_saved_is_found_again(store: Store) -> None:
    assert store.save([A, B], by="desk") == Saved(new=2, changed=0, unchanged=0)
    assert store.get("a") == A
    assert store.get("nobody") is None
    assert list(store.entries()) == [A, B]


def test_an_unchanged_entry_makes_no_revision(store: Store) -> None:
    store.save([A, B], by="desk")
    newer = make_entry("b", title="Corrected")
    assert store.save([A, newer, C], by="desk") == Saved(new=1, changed=1, unchanged=1)
    assert store.revision() == 4
    assert store.get("b") == newer
    assert len(store.history("a")) == 1


def test_an_empty_save_changes_nothing(store: Store) -> None:
    assert store.save([], by="desk") == Saved(new=0, changed=0, unchanged=0)
    assert store.revision() == 0


def test_an_id_given_twice_is_refused_and_nothing_kept(store: Store) -> None:
    with pytest.raises(EntryError, match="a occurs twice"):
        store.save([A, B, make_entry("a", title="Other")], by="desk")
    assert list(store.entries()) == []


def test_a_failure_half_way_keeps_nothing(store: Store) -> None:
    store.save([A], by="desk")

    def entries() -> Iterator[Entry]:
        yield B
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.save(entries(), by="desk")
    with writing(store._engine) as connection:
        connection.execute(
            text(
                "CREATE TRIGGER no_c BEFORE INSERT ON entries WHEN NEW.id = 'c' "
                "BEGIN SELECT RAISE(ABORT, 'not that one'); END"
            )
        )
    with pytest.raises(StoreError, match="not that one"):
        store.save([make_entry("a", title="Changed"), B, C], by="desk")
    assert list(store.entries()) == [A]
    assert store.revision() == 1


def test_history_tells_what_when_by_whom_and_why(store: Store) -> None:
    moment = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
    store = Store(store._engine, now=lambda: moment)
    store.save([A], by="desk")
    store.save([make_entry("a", title="Corrected")], by="night desk", note="a typing error")
    first, second = store.history("a")
    assert (first.number, first.entry, first.at, first.by, first.note) == (1, A, moment, "desk", "")
    assert second.entry
    assert (second.number, second.entry.title, second.by, second.note) == (
        2,
        "Corrected",
        "night desk",
        "a typing error",
    )
    assert store.history("nobody") == ()


@pytest.mark.parametrize("statement", ["UPDATE revisions SET changed_by = 'me'", "DELETE FROM revisions"])
def test_revisions_can_be_neither_changed_nor_deleted(store: Store, statement: str) -> None:
    store.save([A], by="desk")
    with pytest.raises(StoreError, match="never changed or deleted"), writing(store._engine) as connection:
        connection.execute(text(statement))
    assert store.history("a")[0].by == "desk"


def test_entries_can_be_asked_for_by_status(store: Store) -> None:
    draft = make_entry("d", status="draft")
    store.save([A, draft], by="desk")
    assert list(store.entries(Status.DRAFT)) == [draft]
    assert list(store.entries(Status.PUBLISHED)) == [A]
    store.save([make_entry("a", status="retired")], by="desk")
    assert list(store.entries(Status.PUBLISHED)) == []


def test_changes_give_each_entry_once_as_it_is_now(store: Store) -> None:
    store.save([A, B, C], by="desk")
    newer = make_entry("a", title="Second")
    store.save([newer], by="desk")
    newest = make_entry("a", status="retired")
    store.save([newest], by="desk")
    assert list(store.changes(0)) == [
        Change(revision=2, entry_id="b", entry=B),
        Change(revision=3, entry_id="c", entry=C),
        Change(revision=5, entry_id="a", entry=newest),
    ]
    assert [change.entry_id for change in store.changes(3)] == ["a"]
    assert list(store.changes(store.revision())) == []


def test_more_entries_than_a_page_holds_are_all_given_once(store: Store) -> None:
    many = [make_entry(f"e{number:04}") for number in range(1203)]
    assert store.save(reversed(many), by="desk").new == 1203
    assert list(store.entries()) == many
    assert [change.entry for change in store.changes(0)] == many[::-1]
    assert store.save(many, by="desk").unchanged == 1203


def test_the_store_can_be_written_while_it_is_read(store: Store) -> None:
    store.save([make_entry(f"e{number:04}") for number in range(501)], by="desk")
    reader = store.entries()
    next(reader)
    store.save([A], by="desk")
    assert sum(1 for _ in reader) == 500


def test_vectors_are_kept_by_model_and_digest(store: Store) -> None:
    vectors = {f"{number:04}": bytes([number % 256, 0]) for number in range(1100)}
    store.save_vectors("m", vectors)
    store.save_vectors("m", {"0001": b"other", "new": b"n"})
    store.save_vectors("other", {"0001": b"o"})
    store.save_vectors("m", {})
    assert store.vectors("m", [*vectors, "unknown", "new"]) == {**vectors, "new": b"n"}
    assert store.vectors("other", vectors) == {"0001": b"o"}


def test_a_store_without_tables_is_told_in_plain_words(store: Store) -> None:
    with writing(store._engine) as connection:
        connection.execute(text("DROP TABLE entries"))
    with pytest.raises(StoreError, match="no such table"):
        store.get("a")
