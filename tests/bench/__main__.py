"""Measure a whole bot in a process of its own, once per knowledge base, and print a table.

    python -m tests.bench [--rounds N]

The large base is made of the claims in `$CAVEAT_TEST_DATA/checkthat`; its vectors are kept in `.cache/`, so
that only the first run encodes them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bot.app.run import open_database
from kb.entries.entry import Entry, parse_entry
from kb.formats.files import starter_entries
from kb.search.embedder import DEFAULT_MODEL
from kb.search.encoder import Encoder
from kb.search.index import Index
from kb.store.entries import Store
from tests.bench import availability, comparing, fetching, reading, slack_burst, urls

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".cache" / "bench"

ROWS = [
    ("accepting", "messages accepted, after start", "s"),
    ("ready", "first question answered, after start", "s"),
    ("page_p50", "exact page, p50", "ms"),
    ("post_p50", "match of a post (40 words), p50", "ms"),
    ("post_p95", "match of a post (40 words), p95", "ms"),
    ("article_p50", "match of an article (1,000 words), p50", "ms"),
    ("article_p95", "match of an article (1,000 words), p95", "ms"),
    ("answer_p50", "accepted → posted, page already read, p50", "ms"),
    ("answer_p95", "accepted → posted, page already read, p95", "ms"),
    ("memory_bot", "resident, the bot's process", "MB"),
    ("memory_encoder", "resident, the encoder's process", "MB"),
    ("memory_readers", "resident, both reading processes", "MB"),
    ("memory_shared", "proportional (PSS), all processes", "MB"),
]

PARTS = (urls, fetching, reading, comparing, availability)
"""Modules that measure one part of the bot by itself: `measure()` gives rows."""


def main() -> None:
    """Prepare the bases, measure each, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30, help="measurements of each kind")
    rounds = parser.parse_args().rounds
    bases = {"4 starter entries": _base("starter", list(starter_entries()))}
    if data := os.environ.get("CAVEAT_TEST_DATA"):
        bases["14,231 claims"] = _base("claims", list(_claims(Path(data))))
    else:
        print("CAVEAT_TEST_DATA is not set: measured with the starter entries only.")
    slack = asyncio.run(slack_burst.measure())
    results = {name: _measure(folder, rounds) for name, folder in bases.items()}
    print(
        f"\nPython {platform.python_version()}, {os.cpu_count()} cores, {rounds} measurements of each kind\n"
    )
    print(f"{'':46}" + "".join(f"{name:>20}" for name in results))
    for key, told, unit in ROWS:
        print(f"{told:46}" + "".join(f"{result[key]:>17.2f} {unit:2}" for result in results.values()))
    print(f"\nSlack, a burst of {slack_burst.BURST} messages with a link each, Socket Mode, hash encoder:")
    print(
        f"acknowledged within {slack['ack_p99']:.0f} ms (p99), {slack['attempts']:.2f} deliveries each, ",
        end="",
    )
    print(f"{slack['events_per_second']:.0f} events handled in a second\n")
    for part in PARTS:
        for row in part.measure():
            print(row, flush=True)


def _base(name: str, entries: list[Entry]) -> Path:
    folder = CACHE / name
    store = Store(open_database(f"sqlite:///{folder / 'caveat.db'}"))
    store.save(entries, by="bench")
    encoder = Encoder(DEFAULT_MODEL)
    encoder.start()
    index = Index(store, encoder)
    index.follow()
    while left := index.encode(512):
        print(f"encoding {name}: {left} left", flush=True)
    encoder.close()
    return folder


def _claims(data: Path) -> Iterator[Entry]:
    with (data / "checkthat" / "claims.jsonl").open(encoding="utf-8") as lines:
        for claim in map(json.loads, lines):
            title = claim["title"][:500]
            yield parse_entry(
                {
                    "id": claim["id"],
                    "title": title,
                    "summary": claim["subtitle"] or claim["claim"],
                    "claims": [{"text": claim["claim"]}],
                    "caveats": ["Made from a data set to measure with."],
                    "original": {
                        "publisher": "Bench",
                        "title": title,
                        "url": f"https://claims.example/{claim['id']}",
                    },
                }
            )


def _measure(folder: Path, rounds: int) -> dict[str, float]:
    # Not as a module: spawned processes would import it again, which the command `caveat` spares them.
    start = "from tests.bench.child import main; main()"
    command = [sys.executable, "-c", start, str(folder), str(rounds), repr(time.time())]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=600)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


if __name__ == "__main__":
    main()
