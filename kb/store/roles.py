"""Roles of people in the database; every change is kept with who made it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import Engine, func, insert, select

from kb.entries.people import Logged, Role, RoleChange, Roster, is_person, roster_of
from kb.errors import CurationError
from kb.store.database import reading, writing
from kb.store.moments import utc_now
from kb.store.tables import role_changes

_LONGEST_NAME = 100


class People:
    """Roles in the database; the first admins come from the settings and cannot be taken out here.

    `operator` is the id of whoever runs the machine, on its command line only. Methods raise StoreError when
    the database cannot be used.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        admins: Iterable[str] = (),
        operator: str | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._engine, self._admins, self._operator, self._now = engine, tuple(admins), operator, now

    def roster(self) -> Roster:
        """Everybody's roles now."""
        return roster_of(self.log(), admins=self._admins, operator=self._operator)

    def log(self) -> tuple[Logged, ...]:
        """Every change, the first one first."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(role_changes).order_by(role_changes.c.number)).all()
        return tuple(
            Logged(
                user_id=row.user_id,
                change=RoleChange(row.change),
                value=row.value,
                by=row.changed_by,
                at=row.changed_at,
            )
            for row in rows
        )

    def give(self, user_id: str, role: Role, *, by: str) -> Roster:
        """Give a role, in place of the one the person had. Raises NotAllowedError, CurationError."""
        return self._change(user_id, RoleChange.GIVE, role.value, by)

    def take(self, user_id: str, *, by: str) -> Roster:
        """Take a person's role. Raises NotAllowedError, CurationError."""
        roster = self.roster()
        if any(roster.person(admin) == roster.person(user_id) for admin in self._admins):
            raise CurationError(f"{user_id} is an admin by CAVEAT_ADMINS; change that setting instead.")
        if roster.roles.get(roster.person(user_id)) is None:
            raise CurationError(f"{user_id} has no role, so there is none to take.")
        return self._change(user_id, RoleChange.TAKE, "", by)

    def call(self, user_id: str, name: str, *, by: str) -> Roster:
        """Set the name under which readers are told that this person verified an entry."""
        if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
            raise CurationError(
                f"A name stands on one line and has 1 to {_LONGEST_NAME} characters; {name!r} does not."
            )
        return self._change(user_id, RoleChange.NAME, name.strip(), by)

    def join(self, user_id: str, to: str, *, by: str) -> Roster:
        """Say that two ids are one person's; the role of `to` counts. Raises as `give` does."""
        _check_id(to)
        if self.roster().person(to) == self.roster().person(user_id):
            raise CurationError(f"{user_id} and {to} are one person already.")
        return self._change(user_id, RoleChange.JOIN, to, by)

    def _change(self, user_id: str, change: RoleChange, value: str, by: str) -> Roster:
        _check_id(user_id)
        self.roster().require(by, Role.ADMIN, to="change who may do what")
        row = {
            "user_id": user_id,
            "change": change.value,
            "value": value,
            "changed_by": by,
            "changed_at": self._now(),
        }
        with writing(self._engine) as connection:
            last = connection.execute(select(func.max(role_changes.c.number))).scalar() or 0
            connection.execute(insert(role_changes), [{"number": last + 1, **row}])
        return self.roster()


def _check_id(user_id: str) -> None:
    if not is_person(user_id):
        raise CurationError(
            f"{user_id!r} is no id of a person; one looks like slack:T123/U456, matrix:@ana:matrix.example "
            "or cli:ana."
        )
