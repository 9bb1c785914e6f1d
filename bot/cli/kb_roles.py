"""`caveat kb roles …`: who may curate, review and administer."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.curating import Acting, AsJson, open_session, print_json, tell
from bot.cli.kb import commands
from bot.commands import wording
from bot.commands.lines import ids_of, moment, role_lines
from kb.entries.people import Role

roles = typer.Typer(help="Who may curate, review and administer.", no_args_is_help=True)
commands.add_typer(roles, name="roles")

Person = Annotated[
    str, typer.Argument(metavar="PERSON", help="slack:T123/U456, matrix:@ana:matrix.example or cli:ana.")
]


@roles.command("list")
def list_(as_json: AsJson = False) -> None:
    """List everybody who has a role."""
    with open_session() as session:
        roster = session.curation.people.roster()
    if as_json:
        print_json(
            [
                {
                    "person": each,
                    "role": role.value,
                    "name": roster.names.get(each),
                    "ids": ids_of(roster, each),
                }
                for each, role in sorted(roster.roles.items())
            ]
        )
        return
    tell(role_lines(roster), empty="Nobody has a role yet: `caveat kb roles give PERSON ROLE`.")


@roles.command()
def give(person: Person, role: Role, acting: Acting = "") -> None:
    """Give a person a role, in place of the one they had. Each may do what the ones before it may."""
    with open_session(acting) as session:
        session.curation.people.give(person, role, by=session.by)
    typer.echo(wording.ROLE_GIVEN.format(who=person, role=role.value))


@roles.command()
def take(person: Person, acting: Acting = "") -> None:
    """Take a person's role."""
    with open_session(acting) as session:
        session.curation.people.take(person, by=session.by)
    typer.echo(wording.ROLE_TAKEN.format(who=person))


@roles.command()
def name(
    person: Person,
    name_: Annotated[str, typer.Argument(metavar="NAME", help="What readers are told: “Verified by …”.")],
    acting: Acting = "",
) -> None:
    """Set the name under which readers are told that this person verified an entry."""
    with open_session(acting) as session:
        session.curation.people.call(person, name_, by=session.by)
    typer.echo(wording.NAMED.format(name=name_, who=person))


@roles.command()
def join(
    person: Person,
    to: Annotated[str, typer.Argument(metavar="SAME", help="The id that the person is known by.")],
    acting: Acting = "",
) -> None:
    """Say that two ids are one person's, so that nobody approves their own text from another account."""
    with open_session(acting) as session:
        session.curation.people.join(person, to, by=session.by)
    typer.echo(wording.JOINED.format(who=person, other=to))


@roles.command("log")
def log_(as_json: AsJson = False) -> None:
    """List every change of roles: when, who changed what of whom."""
    with open_session() as session:
        changes = session.curation.people.log()
    rows = [(moment(c.at), c.by, c.change.value, c.user_id, c.value) for c in changes]
    if as_json:
        print_json([dict(zip(("at", "by", "change", "person", "value"), row, strict=True)) for row in rows])
        return
    for row in rows:
        typer.echo("\t".join(row).rstrip())
