from __future__ import annotations

import pytest
from sqlalchemy import text

from kb.entries.people import Role, RoleChange, is_person
from kb.errors import CurationError, NotAllowedError, StoreError
from kb.store.database import writing
from kb.store.entries import Store
from kb.store.roles import People

ROOT, ANA, BEN = "cli:root", "slack:T1/UA", "matrix:@ben:matrix.example"


@pytest.fixture
def people(store: Store) -> People:
    return People(store._engine, admins=[ANA], operator=ROOT)


def test_each_role_may_do_what_the_ones_before_it_may(people: People) -> None:
    people.give(BEN, Role.REVIEWER, by=ANA)
    roster = people.roster()
    assert [roster.may(BEN, role) for role in Role] == [True, True, False]
    assert [roster.may(ANA, role) for role in Role] == [True, True, True]
    assert not roster.may("slack:T1/UX", Role.CURATOR)


def test_a_role_takes_the_place_of_the_one_before(people: People) -> None:
    people.give(BEN, Role.ADMIN, by=ANA)
    people.give(BEN, Role.CURATOR, by=ANA)
    assert people.roster().role(BEN) is Role.CURATOR
    people.take(BEN, by=ANA)
    assert people.roster().role(BEN) is None


def test_the_operator_may_do_everything_and_is_no_reviewer_to_count(people: People) -> None:
    roster = people.roster()
    assert roster.may(ROOT, Role.ADMIN)
    assert roster.having(Role.REVIEWER) == (ANA,)


def test_only_admins_change_who_may_do_what(people: People) -> None:
    people.give(BEN, Role.REVIEWER, by=ROOT)
    with pytest.raises(NotAllowedError, match=f"Sorry, .*Please ask an admin: {ANA}"):
        people.give(BEN, Role.ADMIN, by=BEN)
    assert people.roster().role(BEN) is Role.REVIEWER


def test_without_an_admin_it_is_said_where_the_first_one_is_named(store: Store) -> None:
    with pytest.raises(NotAllowedError, match="CAVEAT_ADMINS"):
        People(store._engine).give(BEN, Role.CURATOR, by=BEN)


def test_an_admin_of_the_settings_stays_one(people: People) -> None:
    with pytest.raises(CurationError, match="CAVEAT_ADMINS"):
        people.take(ANA, by=ROOT)
    people.give(ANA, Role.CURATOR, by=ROOT)
    assert people.roster().role(ANA) is Role.ADMIN


def test_joined_ids_are_one_person_with_one_role(people: People) -> None:
    people.give("cli:ben", Role.REVIEWER, by=ROOT)
    people.give(BEN, Role.CURATOR, by=ROOT)
    people.call("cli:ben", "Ben", by=ROOT)
    roster = people.join("cli:ben", BEN, by=ROOT)
    assert roster.person("cli:ben") == roster.person(BEN)
    assert roster.role("cli:ben") is Role.CURATOR
    assert roster.having(Role.CURATOR) == tuple(sorted([ANA, BEN]))
    assert roster.name("cli:ben") == "Ben"
    people.give("cli:ben", Role.REVIEWER, by=ROOT)
    assert people.roster().role(BEN) is Role.REVIEWER
    with pytest.raises(CurationError, match="one person already"):
        people.join(BEN, "cli:ben", by=ROOT)


def test_three_joined_ids_are_one_person(people: People) -> None:
    people.join("cli:a", "cli:b", by=ROOT)
    roster = people.join("cli:b", "cli:c", by=ROOT)
    assert {roster.person(f"cli:{each}") for each in "abc"} == {"cli:c"}


def test_every_change_is_kept_with_who_made_it(people: People) -> None:
    people.give(BEN, Role.REVIEWER, by=ANA)
    people.take(BEN, by=ROOT)
    told = [(each.user_id, each.change, each.value, each.by) for each in people.log()]
    assert told == [(BEN, RoleChange.GIVE, "reviewer", ANA), (BEN, RoleChange.TAKE, "", ROOT)]


@pytest.mark.parametrize(
    "statement", ["UPDATE role_changes SET changed_by = 'me'", "DELETE FROM role_changes"]
)
def test_the_log_can_be_neither_changed_nor_deleted(people: People, store: Store, statement: str) -> None:
    people.give(BEN, Role.REVIEWER, by=ANA)
    with pytest.raises(StoreError, match="never changed or deleted"), writing(store._engine) as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize(
    ("user_id", "fits"),
    [
        ("slack:T123/U456", True),
        ("matrix:@ana:matrix.example", True),
        ("matrix:@ana:matrix.example:8448", True),
        ("cli:ana", True),
        ("console:you", True),
        ("ana", False),
        ("slack:U456", False),
        ("matrix:ana", False),
        ("cli:a b", False),
        ("telegram:1", False),
        ("", False),
    ],
)
def test_an_id_names_its_platform(people: People, user_id: str, fits: bool) -> None:
    assert is_person(user_id) is fits
    if not fits:
        with pytest.raises(CurationError, match="no id of a person"):
            people.give(user_id, Role.CURATOR, by=ROOT)


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "two\nlines"])
def test_a_name_fits_a_reply(people: People, name: str) -> None:
    with pytest.raises(CurationError, match="one line"):
        people.call(BEN, name, by=ROOT)
