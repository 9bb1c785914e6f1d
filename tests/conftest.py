"""What every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from kb.store.database import connect, upgrade
from kb.store.entries import Store

# Time is measured by the bench, never by a test: a busy machine is no reason to fail.
hypothesis_settings.register_profile("caveat", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("caveat")


@pytest.fixture
def test_data() -> Path:
    """The folder of measured data beside the repository; tests that need it are skipped without it."""
    folder = os.environ.get("CAVEAT_TEST_DATA")
    if not folder:
        pytest.skip("CAVEAT_TEST_DATA is not set: the data that is not part of the repository is missing")
    return Path(folder)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store in a file of its own."""
    engine = connect(f"sqlite:///{tmp_path}/caveat.db")
    upgrade(engine, "kb.store")
    yield Store(engine)
    engine.dispose()
