"""Who may do what: roles of people, by their id on a platform. Values only; kb/store/roles.py keeps them.

An id names its platform: `slack:T123/U456`, `matrix:@ana:matrix.example`, `cli:ana`. One person may have
several ids; joined, they are one person, who then cannot approve their own text from another place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from kb.errors import NotAllowedError


class Role(StrEnum):
    """What a person may do; each role may do what the ones before it may."""

    CURATOR = "curator"
    REVIEWER = "reviewer"
    ADMIN = "admin"


_RANK = {role: rank for rank, role in enumerate(Role)}
_ID = re.compile(r"slack:[A-Z0-9]+/[A-Z0-9]+|matrix:@[^:\s]+:[^\s]+|(?:cli|console):\S+")


class RoleChange(StrEnum):
    """What was changed about a person."""

    GIVE = "give"
    TAKE = "take"
    NAME = "name"
    JOIN = "join"


@dataclass(frozen=True, kw_only=True)
class Logged:
    """One change: to whom, what, to which value (a role, a name, another id), by whom, when (UTC)."""

    user_id: str
    change: RoleChange
    value: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Roster:
    """Everybody's roles at one moment. Ids that are not in it have no role."""

    roles: Mapping[str, Role] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    joined: Mapping[str, str] = field(default_factory=dict)
    operator: str | None = None

    def person(self, user_id: str) -> str:
        """The id that stands for the person: the same for all ids that were joined."""
        return self.joined.get(user_id, user_id)

    def role(self, user_id: str) -> Role | None:
        """The highest role of the person; the operator of the machine is an admin."""
        if self.operator is not None and user_id == self.operator:
            return Role.ADMIN
        return self.roles.get(self.person(user_id))

    def may(self, user_id: str, role: Role) -> bool:
        """Whether the person has this role or a higher one."""
        own = self.role(user_id)
        return own is not None and _RANK[own] >= _RANK[role]

    def having(self, role: Role) -> tuple[str, ...]:
        """Everybody who was given this role or a higher one, by id; the operator is not counted."""
        return tuple(sorted(person for person, own in self.roles.items() if _RANK[own] >= _RANK[role]))

    def name(self, user_id: str) -> str | None:
        """The name that readers may be told; None when nobody gave one."""
        known = self.names.get(self.person(user_id))
        if known or not user_id.startswith(("cli:", "console:")):
            return known
        return user_id.partition(":")[2]

    def shown(self, user_id: str) -> str:
        """A person as curators are shown them: the name, if there is one, and the id."""
        name = self.names.get(self.person(user_id))
        return f"{name} ({user_id})" if name else user_id

    def require(self, user_id: str, role: Role, *, to: str) -> None:
        """Raise NotAllowedError, politely and with whom to ask, unless the person has the role."""
        if not self.may(user_id, role):
            raise NotAllowedError(f"Sorry, to {to} takes the role of {role.value}. {self.whom_to_ask()}")

    def whom_to_ask(self) -> str:
        """Say who gives roles."""
        admins = ", ".join(map(self.shown, self.having(Role.ADMIN)))
        if admins:
            return f"Please ask an admin: {admins}."
        return "There is no admin yet: whoever runs the bot names the first ones in CAVEAT_ADMINS."


def is_person(user_id: str) -> bool:
    """Whether a text has the shape of a person's id."""
    return _ID.fullmatch(user_id) is not None


def roster_of(log: Iterable[Logged], *, admins: Iterable[str] = (), operator: str | None = None) -> Roster:
    """Replay the changes. Admins from the settings are admins whatever was changed."""
    roles: dict[str, Role] = {}
    names: dict[str, str] = {}
    joined: dict[str, str] = {}
    for logged in log:
        person = joined.get(logged.user_id, logged.user_id)
        if logged.change is RoleChange.GIVE:
            roles[person] = Role(logged.value)
        elif logged.change is RoleChange.TAKE:
            roles.pop(person, None)
        elif logged.change is RoleChange.NAME:
            names[person] = logged.value
        else:
            _join(person, joined.get(logged.value, logged.value), roles, names, joined)
    roles |= {joined.get(admin, admin): Role.ADMIN for admin in admins}
    return Roster(roles=roles, names=names, joined=joined, operator=operator)


def _join(
    person: str, to: str, roles: dict[str, Role], names: dict[str, str], joined: dict[str, str]
) -> None:
    roles.pop(person, None)
    name = names.pop(person, None)
    if name:
        names.setdefault(to, name)
    joined |= dict.fromkeys((person, *(old for old, one in joined.items() if one == person)), to)
