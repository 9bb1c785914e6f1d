"""Reads answers out of their rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, select

from bot.answers import Answer, AnswerState, Intent
from bot.model import Action, Place, Receipt
from bot.storage.tables import answers


def chosen(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Select the rows that meet all conditions, oldest first."""
    return select(answers).where(*conditions).order_by(answers.c.created_at, answers.c.key)


def answers_in(connection: Connection, *conditions: ColumnElement[bool]) -> tuple[Answer, ...]:
    """Give the answers that meet all conditions, oldest first."""
    return tuple(map(answer_from, connection.execute(chosen(*conditions))))


def answer_from(row: Row[Any]) -> Answer:
    """Read an answer out of its row."""
    return Answer(
        intent=Intent(
            key=row.key,
            platform=row.platform,
            place=Place(channel=row.channel, message_id=row.message_id, thread_id=row.thread_id),
            action=Action(row.action),
            entry_id=row.entry_id,
            cited=row.cited,
            basis=row.basis,
            differences=tuple(row.differences or ()),
        ),
        state=AnswerState(row.state),
        receipt=Receipt(channel=row.posted_channel, message_id=row.posted_id) if row.posted_id else None,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )
