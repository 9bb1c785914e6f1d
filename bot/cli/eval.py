"""`caveat eval …`: quality on labelled sets, and training what matching weighs by."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli import eval_floors, eval_report
from bot.cli.curating import opened
from bot.errors import BotError
from bot.load_settings import load_settings
from kb.evaluate.measures import Outcome
from kb.match.model import to_json
from kb.match.query import Thresholds
from kb.search.embedder import Embedder
from kb.store.entries import Store

_BESIDE = 7  # every seventh claim of the corpus stands beside the entries of the page sets

commands = typer.Typer(no_args_is_help=True)

CorpusFile = Annotated[
    Path, typer.Option("--corpus", metavar="FILE", help="Claims, one JSON object a line (docs/matching.md).")
]
QueriesFile = Annotated[
    Path,
    typer.Option("--queries", metavar="FILE", help="Posts with their claims' ids, one JSON object a line."),
]
Cache = Annotated[
    Path | None,
    typer.Option("--cache", metavar="FOLDER", help="Where vectors are kept. Default: in the data folder."),
]
Wanted = Annotated[
    float | None,
    typer.Option(
        "--precision",
        min=0.5,
        max=0.995,
        help="Wanted precision when speaking unasked. Default: the model's.",
    ),
]
Floors = Annotated[
    Path | None,
    typer.Option("--floors", metavar="FILE", help="Fail if a measure is worse than its floor in this file."),
]
Lower = Annotated[bool, typer.Option("--lower-floors", help="Write such measures as new floors instead.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
Plot = Annotated[
    Path | None, typer.Option(metavar="FILE.png", help="Draw precision, recall and false replies.")
]


@commands.command("retrieval")
def retrieval(  # noqa: PLR0917 - a command's options
    corpus: CorpusFile,
    queries: QueriesFile,
    as_json: AsJson = False,
    precision: Wanted = None,
    plot: Plot = None,
    cache: Cache = None,
    floors: Floors = None,
    lower_floors: Lower = False,
) -> None:
    """Match posts against a corpus of claims: what is on top, and whether the bot would speak unasked."""
    from kb.evaluate.cases import build_index
    from kb.evaluate.measures import ask
    from kb.evaluate.testsets import read_corpus, read_queries

    entries, labelled = read_corpus(corpus), read_queries(queries)
    with _encoder(cache) as (store, encoder):
        limits = Thresholds(precision=precision)
        _tell(f"{len(entries)} claims, {len(labelled)} posts; vectors that are not cached take minutes.")
        index = build_index(store, encoder, entries.values())
        encoder.encode(["The model loads before anything is timed."])
        outcomes = []
        for each in labelled:
            relevant = frozenset(entries[own].id for own in each.relevant if own in entries)
            outcomes.append(ask(index, encoder, each, relevant, thresholds=limits))
        model = encoder.model
    _warn_of_missing(outcomes)
    told = eval_report.told(outcomes, "words", model=model, precision=precision)
    _plot(outcomes, plot, told["speaking"]["threshold"], f"{queries.name} on {corpus.name}")
    _tell_measures(told, "posts", floors, as_json=as_json, lower=lower_floors)


@commands.command("articles")
def articles(  # noqa: PLR0917 - a command's options
    folder: Annotated[
        Path, typer.Argument(help="Page sets: .yaml files of entries and pages of known kind.")
    ],
    undated: Annotated[bool, typer.Option("--undated", help="Match them as if no page had a day.")] = False,
    as_json: AsJson = False,
    precision: Wanted = None,
    plot: Plot = None,
    cache: Cache = None,
    floors: Floors = None,
    lower_floors: Lower = False,
) -> None:
    """Match whole pages against entries: each where its entry is, and again where it is missing."""
    from kb.evaluate.cases import page_outcomes
    from kb.evaluate.pagesets import read_page_sets

    pages = read_page_sets(folder)
    pages = pages.undated() if undated else pages
    with _encoder(cache) as (store, encoder):
        outcomes = page_outcomes(store, encoder, pages, Thresholds(precision=precision))
        model = encoder.model
    told = eval_report.told(outcomes, "page", model=model, precision=precision)
    _plot(outcomes, plot, told["speaking"]["threshold"], f"the pages of {folder.name}")
    told["kinds"] = eval_report.kinds(outcomes)
    _tell_measures(told, "pages", floors, as_json=as_json, lower=lower_floors)


@commands.command("table")
def table(
    folder: Annotated[Path, typer.Argument(help="Page sets, as `caveat eval articles` takes them.")],
    corpus: CorpusFile,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the table is written.")],
    cache: Cache = None,
) -> None:
    """Write what matching sees of pages as numbers: training is repeated from them without texts."""
    from kb.evaluate.cases import page_rows
    from kb.evaluate.pagesets import read_page_sets
    from kb.evaluate.rows import write_table
    from kb.evaluate.testsets import read_corpus

    pages, others = read_page_sets(folder), list(read_corpus(corpus).values())[::_BESIDE]
    with _encoder(cache) as (store, encoder):
        rows = page_rows(store, encoder, pages, others)
    try:
        write_table(out, rows)
    except OSError as error:
        raise BotError(f"{out} cannot be written: {error}") from error
    typer.echo(f"{out}: {len(rows)} pages")


@commands.command("train")
def train(  # noqa: PLR0917 - a command's options
    corpus: CorpusFile,
    queries: QueriesFile,
    pages: Annotated[
        Path, typer.Option("--pages", metavar="FOLDER", help="Page sets, as in tests/quality/pages.")
    ],
    tables: Annotated[
        Path, typer.Option("--tables", metavar="FOLDER", help="Tables of pages, as in tests/quality/tables.")
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="FOLDER", help="Where words.json and page.json are written.")
    ],
    source: Annotated[str, typer.Option(help="What the posts are, for the record in the model.")] = "",
    only: Annotated[str, typer.Option(help="Train one of them: words or page. Default: both.")] = "",
    cache: Cache = None,
) -> None:
    """Train both models and write them, with what cross-validation measured, as JSON."""
    from kb.evaluate.days import read_days
    from kb.evaluate.learn import learn_page, learn_words
    from kb.evaluate.pagesets import read_page_sets
    from kb.evaluate.rows import read_table
    from kb.evaluate.testsets import read_corpus, read_queries

    if only not in {"", "words", "page"}:
        raise BotError(f"--only takes words or page, not {only!r}")
    entries, labelled, sets = read_corpus(corpus), read_queries(queries), read_page_sets(pages)
    with _encoder(cache) as (store, encoder):
        others = list(entries.values())[::_BESIDE]
        models = []
        if only != "page":
            models.append(learn_words(store, encoder, entries, labelled, data=source or queries.name))
        if only != "words":
            rows = {
                file.stem: read_table(file) for file in sorted(tables.glob("*.jsonl")) if file.stem != "days"
            }
            days = read_days(tables / "days.jsonl")
            models.append(learn_page(store, encoder, sets, others, tables=rows, days=days))
    for model in models:
        path = out / f"{model.kind}.json"
        try:
            path.write_text(json.dumps(to_json(model), indent=1) + "\n", encoding="utf-8")
        except OSError as error:
            raise BotError(f"{path} cannot be written: {error}") from error
        typer.echo(f"{path}: {json.dumps(model.provenance['held_out'])}")


@contextmanager
def _encoder(cache: Path | None) -> Iterator[tuple[Store, Embedder]]:
    """The model of the settings, and a store of its vectors beside the bot's own."""
    from kb.search.encoder import Encoder

    settings = load_settings()
    folder = cache or settings.data_dir / "eval"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BotError(f"vectors cannot be kept in {folder}: {error}; name another with --cache") from error
    with opened(f"sqlite:///{folder / 'vectors.db'}", "kb.store") as engine:
        encoder = Encoder(settings.model, settings.model_sha256)
        encoder.start()
        try:
            yield Store(engine), encoder
        finally:
            encoder.close()


def _plot(outcomes: Sequence[Outcome], plot: Path | None, threshold: float, title: str) -> None:
    from bot.cli.eval_plot import draw

    if plot:
        draw(outcomes, plot, threshold=threshold, title=title)


def _tell_measures(
    told: Mapping[str, Any], kind: str, floors: Path | None, *, as_json: bool, lower: bool
) -> None:
    """Print what was measured, and hold it against its floors, if there are any."""
    typer.echo(json.dumps(told, indent=2) if as_json else "\n".join(eval_report.lines(told)))
    if floors:
        eval_floors.check(told, kind, floors, lower=lower)


def _warn_of_missing(outcomes: Sequence[Outcome]) -> None:
    missing = sum(bool(each.labelled.relevant) and not each.relevant for each in outcomes)
    if missing:
        _tell(f"{missing} posts name only claims that the corpus lacks: they count as posts without one.")


def _tell(line: str) -> None:
    typer.echo(line, err=True)
