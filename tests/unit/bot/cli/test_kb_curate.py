"""`caveat kb …` as curators use it: an entry's life, roles, the queue, exchange."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.cli import main
from bot.pages.sample import STORY_URL
from kb.formats.files import write_entries
from tests.unit.kb.curate.curating import sound

ROOT = Path(__file__).parents[4]
WRITER, ANA, BEN = "slack:T1/UW", "slack:T1/UA", "matrix:@ben:matrix.example"
FORM = """\
# A new entry.
id: harbour-flood
title: A flood closed the old harbour for a week
summary: The Harbour Gazette reported that the ferry stopped for a week.
original:
  publisher: The Harbour Gazette
  title: Old harbour closed after flood
  url: https://gazette.example/harbour-flood
caveats:
  - The cost of the damage is the harbour master's own estimate.
sensitive: false
review_by: 2099-05-04
"""


class Outcome(NamedTuple):
    """What a run of the command left."""

    status: int
    out: str
    err: str


Caveat = Callable[..., Outcome]


@pytest.fixture
def caveat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Caveat:
    """Runs `caveat kb …` on a store of its own, as the user "root"."""
    monkeypatch.setenv("CAVEAT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LOGNAME", "root")
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["caveat", "kb", *map(str, arguments)])
        with pytest.raises(SystemExit) as done:
            main.main()
        return Outcome(int(done.value.code or 0), *capsys.readouterr())

    return run


@pytest.fixture
def form(tmp_path: Path) -> Path:
    path = tmp_path / "form.yaml"
    path.write_text(FORM, encoding="utf-8")
    return path


def test_one_person_publishes_alone_and_the_reply_says_so(caveat: Caveat, form: Path) -> None:
    added = caveat("add", "--file", form, "--no-fetch")
    assert added.out == "harbour-flood: draft (revision 1).\n"
    assert "look at: original.url: whether the original answers was not checked" in added.err
    assert caveat("publish", "harbour-flood", "--no-fetch").out == "harbour-flood: published (revision 2).\n"
    told = caveat("review", "harbour-flood", "--no-fetch").out
    assert "Verified by one person (root), " in told


def test_two_people_take_an_entry_through_review(caveat: Caveat, form: Path) -> None:
    for person, role in ((WRITER, "curator"), (ANA, "reviewer"), (BEN, "reviewer")):
        assert caveat("roles", "give", person, role).status == 0
    caveat("roles", "name", BEN, "Harbour Desk")
    caveat("add", "--file", form, "--no-fetch", "--as", ANA)
    caveat("submit", "harbour-flood", "--no-fetch", "--as", ANA)
    refused = caveat("approve", "harbour-flood", "--no-fetch", "--as", ANA)
    assert refused.status == 2
    assert refused.err == (
        "caveat: Sorry, this is your own text, and four-eyes is on: somebody else has to approve it. "
        f"Please ask Harbour Desk ({BEN}).\n"
    )
    assert "(harbour-flood): in review since " in caveat("queue").out
    back = caveat("send-back", "harbour-flood", "--as", BEN, "--why", "which harbour?", "--json")
    assert json.loads(back.out)["status"] == "draft"
    caveat("submit", "harbour-flood", "--no-fetch", "--as", WRITER)
    done = caveat("approve", "harbour-flood", "--no-fetch", "--as", BEN, "--json")
    assert json.loads(done.out)["status"] == "published"
    steps = json.loads(caveat("history", "harbour-flood", "--json").out)
    assert [(each["step"], each["by"]) for each in steps] == [
        ("add", ANA),
        ("submit", ANA),
        ("send_back", BEN),
        ("submit", WRITER),
        ("approve", BEN),
    ]
    assert steps[2]["note"] == "which harbour? (entered by cli:root)"
    assert "Verified by Harbour Desk, " in caveat("review", "harbour-flood", "--no-fetch").out


def test_a_published_entry_is_changed_beside_itself_and_the_change_is_told(
    caveat: Caveat, form: Path
) -> None:
    caveat("add", "--file", form, "--no-fetch")
    caveat("publish", "harbour-flood", "--no-fetch")
    changed = caveat("edit", "harbour-flood").out
    assert "# Edits revision 2 of this entry." in changed
    form.write_text(changed.replace("for a week.", "for ten days."), encoding="utf-8")
    edited = caveat("edit", "harbour-flood", "--file", form, "--no-fetch")
    assert edited.out == "harbour-flood: draft beside the published text (revision 3).\n"
    assert "stopped for a week" in caveat("show", "harbour-flood").out
    assert caveat("diff", "harbour-flood").out.splitlines()[0] == (
        "summary: was “The Harbour Gazette reported that the ferry stopped for a week.”, "
        "now “The Harbour Gazette reported that the ferry stopped for ten days.”"
    )
    stale = caveat("edit", "harbour-flood", "--file", form, "--no-fetch")
    assert stale.status == 2
    assert "caveat: - summary: was “The Harbour Gazette" in stale.err
    assert caveat("undo", "harbour-flood").out == "harbour-flood: published (revision 4).\n"


def test_a_form_with_problems_names_their_lines(caveat: Caveat, form: Path) -> None:
    form.write_text(FORM.replace("caveats:", "caveat:") + "status: published\n", encoding="utf-8")
    outcome = caveat("add", "--file", form, "--no-fetch")
    assert outcome.status == 2
    by_steps = "is set by what is done with the entry (submit, approve, retire)"
    assert outcome.err.splitlines() == [
        "caveat: line 2: caveats: is missing",
        "caveat: line 9: caveat: is no field here; is caveats meant?",
        f"caveat: line 13: status: {by_steps}; delete this line",
    ]


def test_a_page_fills_the_form_in(caveat: Caveat) -> None:
    outcome = caveat("add", STORY_URL)
    assert outcome.status == 0
    lines = outcome.out.splitlines()
    assert lines[0] == "# A new entry."
    assert "  url: https://sample-news.example/war-photos" in lines
    assert "  publisher: sample-news.example" in lines
    assert "summary:" in lines
    assert any(line.startswith("#     as_stated: ") for line in lines)
    assert caveat("list", "--json").out == "[]\n"


def test_a_double_is_pointed_out_before_it_is_saved(caveat: Caveat, form: Path) -> None:
    caveat("add", "--file", form, "--no-fetch")
    form.write_text(FORM.replace("harbour-flood\ntitle: A", "flood\ntitle: The"), encoding="utf-8")
    refused = caveat("add", "--file", form, "--no-fetch")
    assert refused.status == 2
    assert "is also the original of harbour-flood (draft)" in refused.err
    assert "give --anyway" in refused.err
    assert caveat("add", "--file", form, "--no-fetch", "--anyway").status == 0


def test_an_entry_is_retired_superseded_and_redacted(caveat: Caveat, tmp_path: Path) -> None:
    write_entries(
        [sound("a"), sound("b", title="Quite another story"), sound("c", title="A third")], tmp_path / "e"
    )
    caveat("import", tmp_path / "e")
    assert caveat("retire", "a").err == (
        "caveat: To retire an entry, say why: the reason is kept in the entry's history.\n"
    )
    assert caveat("retire", "a", "--why", "wrong").out == "a: retired (revision 4).\n"
    assert caveat("supersede", "b", "c").out == "b: retired (revision 5).\n"
    assert caveat("redact", "c", "--why", "court order").status == 2
    assert caveat("redact", "c", "--why", "court order", "--yes").out == "c: redacted (revision 6).\n"
    assert caveat("show", "c").err == ("caveat: c was redacted; `caveat kb history c` says when and why\n")
    assert caveat("history", "c").out.splitlines()[0].endswith(" UTC, redact by cli:root: court order")
    assert "was redacted" in caveat("import", tmp_path / "e").err


def test_roles_are_given_taken_joined_and_logged(caveat: Caveat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAVEAT_ADMINS", json.dumps([ANA]))
    assert caveat("roles", "give", BEN, "reviewer", "--as", ANA).out == f"{BEN} is reviewer from now on.\n"
    refused = caveat("roles", "give", BEN, "admin", "--as", BEN)
    assert refused.status == 2
    assert refused.err == (
        f"caveat: Sorry, to change who may do what takes the role of admin. Please ask an admin: {ANA}.\n"
    )
    caveat("roles", "join", "cli:ben", BEN)
    assert caveat("roles", "list").out == f"{BEN}: reviewer, also cli:ben\n{ANA}: admin\n"
    listed = json.loads(caveat("roles", "list", "--json").out)
    assert [(each["person"], each["role"], each["ids"]) for each in listed] == [
        (BEN, "reviewer", [BEN, "cli:ben"]),
        (ANA, "admin", [ANA]),
    ]
    assert caveat("roles", "take", BEN).out == f"{BEN} has no role any more.\n"
    assert "CAVEAT_ADMINS" in caveat("roles", "take", ANA).err
    assert "is no id of a person" in caveat("roles", "give", "ben", "curator").err
    log = json.loads(caveat("roles", "log", "--json").out)
    assert [(each["by"], each["change"]) for each in log] == [
        (ANA, "give"),
        ("cli:root", "join"),
        ("cli:root", "take"),
    ]


def test_claim_reviews_go_out_and_come_in_as_drafts_once(caveat: Caveat, tmp_path: Path) -> None:
    claims = [{"text": "The bridge fell.", "rating": {"label": "False"}}, {"text": "Nobody was hurt."}]
    write_entries([sound("a", claims=claims), sound("d", status="draft", title="Another")], tmp_path / "e")
    caveat("import", tmp_path / "e")
    caveat("export", tmp_path / "out.json", "--format", "claimreview")
    feed = json.loads((tmp_path / "out.json").read_text())
    assert [item["item"]["claimReviewed"] for item in feed["dataFeedElement"]] == [
        "The bridge fell.",
        "Nobody was hurt.",
    ]
    again = caveat("import", tmp_path / "out.json", "--format", "claimreview")
    assert again.out == "2 ClaimReviews read, 1 drafts: 0 new, 0 changed, 0 unchanged.\n"
    assert again.err == "left alone: a: curators have worked on it\n"
    wrong = caveat("import", tmp_path / "out.json", "--format", "claimreview", "--expect", 3)
    assert wrong.status == 2
    assert wrong.err == "caveat: 2 ClaimReviews were found, and 3 were expected\n"


def test_a_table_for_spreadsheets_holds_no_formula(caveat: Caveat, tmp_path: Path) -> None:
    write_entries([sound("a", title='=HYPERLINK("https://evil.example")', tags=["-1"])], tmp_path / "e")
    caveat("import", tmp_path / "e")
    rows = list(csv.DictReader(io.StringIO(caveat("export", "--format", "csv").out)))
    assert (rows[0]["title"], rows[0]["tags"]) == ('\'=HYPERLINK("https://evil.example")', "'-1")
    assert json.loads(caveat("export", "--format", "json").out)[0]["tags"] == ["-1"]


def test_two_entries_with_one_original_are_pointed_out_when_they_come_in(
    caveat: Caveat, tmp_path: Path
) -> None:
    same = sound("a").original.model_dump()
    write_entries([sound("a"), sound("b", title="Other words", original=same)], tmp_path / "e")
    outcome = caveat("import", tmp_path / "e")
    assert outcome.status == 0
    assert outcome.err == ("look at: b: original.url: is also the original of a (published): “Title of a”\n")


def test_a_preview_shows_the_reply_and_what_it_would_have_matched(
    caveat: Caveat, form: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAVEAT_MODEL", "hash")
    caveat("add", "--file", form, "--no-fetch")
    outcome = caveat("preview", "harbour-flood", "--json")
    told = json.loads(outcome.out)
    assert told["matched"] == []
    assert "Old harbour closed after flood" in told["reply"]


def test_only_the_first_of_many_warnings_are_told(caveat: Caveat, tmp_path: Path) -> None:
    same = sound("a").original.model_dump()
    many = [sound(f"e{number:02}", title=f"Story {number}", original=same) for number in range(25)]
    write_entries(many, tmp_path / "many.yaml")
    told = caveat("import", tmp_path / "many.yaml").err.splitlines()
    assert len(told) == 21
    assert told[-1].startswith("… and ")


def click_names(name: str, command: Any) -> set[str]:
    """Every command as it is typed."""
    waiting: list[tuple[str, Any]] = [(name, command)]
    found = set()
    while waiting:
        name, command = waiting.pop()
        inner = getattr(command, "commands", {})
        waiting += [(f"{name} {each}", one) for each, one in inner.items()]
        if not inner:
            found.add(name)
    return found


def test_every_command_of_curators_is_documented() -> None:
    """Whoever looks for a command finds it on the page for curators."""
    text = (ROOT / "docs" / "curating.md").read_text()
    own = click_names("caveat kb", main.group("kb"))
    assert len(own) > 20
    assert not [name for name in sorted(own) if name not in text]


def test_only_curation_writes_entries() -> None:
    """Roles, four-eyes and the history hold only if nothing goes around them."""
    writers = {
        str(path.relative_to(ROOT))
        for path in [*ROOT.glob("bot/**/*.py"), *ROOT.glob("kb/**/*.py")]
        if re.search(r"\bstore\.(?:save|step)\(", path.read_text())
    }
    assert writers == {"kb/curate/curation.py", "kb/curate/proposals.py"}
