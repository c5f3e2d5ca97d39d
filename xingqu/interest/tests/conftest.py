"""The small world of `world`, served."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from xingqu.accounts.contracts import Actor
from xingqu.catalogue.models import FeatureTag
from xingqu.engine.learn.cluster_fit import with_clusters
from xingqu.engine.state.items import ItemSnapshot
from xingqu.interest.storage import snapshots
from xingqu.interest.stores.snapshots import write_snapshot
from xingqu.interest.tests.world import TAGS, small_snapshot
from xingqu.signals.services import Vault
from xingqu.standalone.tests.conftest import redis_server

__all__ = ["redis_server"]


@pytest.fixture
def world(db: None, home: Path) -> ItemSnapshot:
    """The small world with named tags."""
    FeatureTag.objects.bulk_create([FeatureTag(pk=pk, name=f"标签{pk}", name_en=f"tag {pk}") for pk in TAGS])
    snapshot = with_clusters(small_snapshot())
    write_snapshot(home / "snapshots", snapshot)
    snapshots().refresh()
    return snapshot


@pytest.fixture
def guest() -> Actor:
    return Actor(person_id=None, guest_key=77)


@pytest.fixture
def vault(home: Path) -> Iterator[Vault]:
    """The keys of this test's home."""
    vault = Vault(home / "signals" / "keys")
    yield vault
    vault.close()
