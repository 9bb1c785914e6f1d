"""`caveat eval`: what scripts rely on, on a small set and without a model; what is told of wrong files."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli.eval_floors import check
from bot.cli.main import app
from bot.errors import BotError
from kb.errors import MeasureError
from kb.evaluate.rows import read_table
from kb.match.model import from_json

STORIES = {
    "harbour": "The flood closed the old harbour of Exampletown for nine days",
    "bakery": "A bakery in Sampleville sells bread made from acorns and beetles",
    "comet": "Astronomers at the Placeholder Observatory saw a green comet over the sea",
}
KEYS = {
    "map_at_5", "precision_at_1", "mrr", "recall_at_10", "speaking", "ms_p50", "ms_p95", "model", "settings",
}  # fmt: skip


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    monkeypatch.setenv("CAVEAT_MODEL", "hash")
    monkeypatch.setenv("CAVEAT_DATA_DIR", str(tmp_path / "data"))
    corpus, queries = tmp_path / "claims.jsonl", tmp_path / "posts.jsonl"
    claims = [{"id": own, "title": text, "claim": text} for own, text in STORIES.items()]
    posts: list[dict[str, Any]] = [
        {"id": f"p-{own}", "text": f"Have you heard? {text}!", "relevant": [own]}
        for own, text in STORIES.items()
    ]
    posts.append({"id": "none", "text": "Nobody has ever said anything like this about wool and tea"})
    posts.append({"id": "gone", "text": "Words of a claim that was taken away", "relevant": ["taken"]})
    corpus.write_text("\n".join(map(json.dumps, claims)))
    queries.write_text("\n".join(map(json.dumps, posts)))
    return corpus, queries


def run(*arguments: object) -> Any:
    result = CliRunner().invoke(app, ["eval", *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def test_retrieval_tells_order_silence_and_time(files: tuple[Path, Path], tmp_path: Path) -> None:
    corpus, queries = files
    plot = tmp_path / "curve.png"
    arguments = ("retrieval", "--corpus", corpus, "--queries", queries)
    told = json.loads(run(*arguments, "--json", "--plot", plot).stdout)
    assert told.keys() >= KEYS
    limits = {"threshold", "threshold_undated"}
    assert told["speaking"].keys() == {"precision", "recall", "false_reply_rate"} | limits
    assert told["map_at_5"] == told["precision_at_1"] == told["mrr"] == told["recall_at_10"] == 1.0
    assert (told["counts"]["queries"], told["counts"]["with_entry"]) == (5, 3)
    assert told["model"] == "hash-256"
    assert told["settings"]["calibrated"] is False
    assert plot.read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "data" / "eval" / "vectors.db").exists()
    spoken = run(*arguments).output
    assert "MAP@5 1.000" in spoken
    assert "1 posts name only claims that the corpus lacks" in spoken


def test_a_wrong_file_is_named(files: tuple[Path, Path]) -> None:
    corpus, queries = files
    queries.write_text('{"id": "q"}')
    with pytest.raises(MeasureError, match=r"posts\.jsonl:1"):
        run("retrieval", "--corpus", corpus, "--queries", queries)


REPORT = {
    "map_at_5": 0.9,
    "precision_at_1": 0.8,
    "speaking": {"precision": 0.97, "recall": 0.5},
    "counts": {"no_match_reply_rate": 0.02},
}


def test_a_measure_below_its_floor_fails_unless_floors_are_lowered_on_purpose(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    kept = {"precision": 0.98, "recall": 0.4, "no_match_reply_rate": 0.01}
    path.write_text(json.dumps({"matching": {"posts": kept}, "others": 1}))
    with pytest.raises(BotError, match=r"precision is 0.970.*\n.*no_match_reply_rate"):
        check(REPORT, "posts", path, lower=False)
    check(REPORT, "posts", path, lower=True)
    lowered = {"precision": 0.97, "recall": 0.4, "no_match_reply_rate": 0.02}
    assert json.loads(path.read_text()) == {"matching": {"posts": lowered}, "others": 1}
    check(REPORT, "posts", path, lower=False)


def test_a_file_without_such_floors_is_told(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    path.write_text("{}")
    with pytest.raises(BotError, match="expected floors of matching, pages"):
        check(REPORT, "pages", path, lower=False)


def test_a_table_of_pages_and_models_learnt_from_it(files: tuple[Path, Path], tmp_path: Path) -> None:
    """Tables hold no text; without the encoder that the models are trained for, the machinery is the same."""
    pytest.importorskip("sklearn")
    corpus, queries = files
    tables, sets = tmp_path / "tables", Path(__file__).parents[3] / "quality" / "pages"
    tables.mkdir()
    shutil.copy(sets.parent / "tables" / "days.jsonl", tables)
    table = tables / "pages.jsonl"
    run("table", sets, "--corpus", corpus, "--out", table)
    assert {row.story for row in read_table(table)} > {"orsk-mining-plume"}
    assert "Pelagia" not in table.read_text(encoding="utf-8")
    run(
        "train", "--corpus", corpus, "--queries", queries, "--pages", sets, "--tables", tables,
        "--out", tmp_path, "--only", "page",
    )  # fmt: skip
    model = from_json(json.loads((tmp_path / "page.json").read_text(encoding="utf-8")))
    assert model.encoder == "hash-256"
    assert set(model.provenance["held_out"]) == {"own_dated", "own_undated", "pages_dated", "pages_undated"}


def test_training_something_else_is_refused(files: tuple[Path, Path], tmp_path: Path) -> None:
    corpus, queries = files
    with pytest.raises(BotError, match="words or page"):
        run(
            "train", "--corpus", corpus, "--queries", queries, "--pages", tmp_path, "--tables", tmp_path,
            "--out", tmp_path, "--only", "posts",
        )  # fmt: skip
