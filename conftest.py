"""Every test has a home folder of its own: states, logs and snapshots of one test are not another's."""

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def home(settings, tmp_path: Path) -> Iterator[Path]:
    """The home folder of this test."""
    from xingqu.interest import storage as interest_storage
    from xingqu.signals import storage as signal_storage

    settings.HOME = tmp_path
    yield tmp_path
    interest_storage.close_stores()
    signal_storage.close_logs()
