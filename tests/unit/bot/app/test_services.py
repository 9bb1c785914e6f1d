"""What an entry would have matched is told of the latest links: a long queue does not fill the memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from bot.app.records import open_records
from bot.app.services import build_services
from bot.commands.services import CommandServices
from bot.settings import Settings
from bot.storage.tables import unmatched
from bot.storage.unmatched import LATEST
from kb.store.database import writing
from tests.unit.bot.commands.stage import Entries, Stage, on_stage
from tests.unit.kb.curate.curating import sound


class Listening(Entries):
    """Remembers which pages it was asked about."""

    asked: tuple[Any, ...] = ()

    async def preview(self, entry: Any, pages: Any, original: bytes | None) -> tuple[()]:
        self.asked = tuple(pages)
        return ()


def office_on(stage: Stage, previews: Listening, folder: Path) -> CommandServices:
    settings = Settings(data_dir=folder)
    return build_services(
        settings,
        stage.curation,
        open_records(settings, stage.engine),
        {"matrix": stage.platform},
        fetcher=stage.web,
        reader=stage.web,
        matcher=previews,
    ).admin.services


@pytest.mark.parametrize(("posted", "read", "latest"), [(3, 3, False), (LATEST + 1, LATEST, True)])
async def test_of_many_links_the_latest_are_looked_at_and_it_says_so(
    tmp_path: Path, posted: int, read: int, latest: bool
) -> None:
    with on_stage(tmp_path) as stage:
        previews = Listening(stage.store)
        office = office_on(stage, previews, tmp_path)
        now = datetime.now(UTC)
        rows = [
            {
                "key": f"a.example/{number}",
                "rules": 0,
                "url": f"https://a.example/{number}",
                "count": 1,
                "last_event": "",
                "first_seen": now,
                "last_seen": now - timedelta(seconds=number),
                "nearest": [],
            }
            for number in range(posted)
        ]
        with writing(stage.engine) as connection:
            connection.execute(insert(unmatched), rows)
        previewed = await office.preview(sound("harbour"))
        assert (previewed.pages, previewed.latest) == (read, latest)
        assert [each.key for each in previews.asked] == [f"a.example/{number}" for number in range(read)]
