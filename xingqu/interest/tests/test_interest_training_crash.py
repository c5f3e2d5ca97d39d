"""A training that is killed in its middle, in processes with a database and files of their own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_training_that_is_killed_leaves_the_old_model_serving(
    transactional_db: None, settings: object, home: Path, tmp_path: Path
) -> None:
    """A process is killed in the middle of its training, with a database and files of its own; the worker's job goes on."""
    environment = os.environ | {
        "XINGQU_HOME": str(home),
        "XINGQU_TRAINING_EVENTS": "10",
        "XINGQU_TRAINING_EVERY_S": "1",
    }
    environment |= {"DJANGO_SETTINGS_MODULE": "xingqu.config.settings"}

    def run(script: str) -> subprocess.Popen[str]:
        return subprocess.Popen([sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, text=True)

    prepare = run(PREPARE)
    told, _ = prepare.communicate(timeout=120)
    assert prepare.returncode == 0
    version = int(told.split()[-1])
    killed = run(SLOW)
    assert killed.stdout is not None
    assert killed.stdout.readline().strip() == "in the middle"
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    killed.stdout.close()
    after = run(AFTER)
    told, _ = after.communicate(timeout=120)
    assert after.returncode == 0
    lines = told.splitlines()
    assert lines[0] == f"serves {version} True"
    # the child's own report stands before it
    assert "['taste', 'next', 'sessions', 'replenish', 'ranking']" in lines
    assert lines[-6:] == [
        "failed interrupted",
        "adopted first",
        "adopted first",
        "adopted no_worse",
        "skipped too_few_purchases",
        "skipped too_few_impressions",
    ]


WORLD = """
import django
django.setup()
from xingqu.interest import services
from xingqu.interest.models import Training
from xingqu.interest.storage import snapshots
from xingqu.interest.services.trainers import TRAINERS
from xingqu.interest.tests.test_interest_training import walk
"""
PREPARE = (
    WORLD
    + """
from pathlib import Path
from django.conf import settings
from django.core.management import call_command
from xingqu.interest.stores.snapshots import write_snapshot
from xingqu.interest.tests.world import small_snapshot
call_command("migrate", verbosity=0)
write_snapshot(Path(settings.HOME) / "snapshots", small_snapshot())
walk(range(1, 61))
(row,) = services.run_trainings(kinds=["sessions"], seed=1)
print(row.snapshot_version)
"""
)
SLOW = (
    WORLD
    + """
import time
from dataclasses import replace
walk(range(101, 161))
honest = TRAINERS["sessions"].run
def slow(task):
    found = honest(task)
    print("in the middle", flush=True)
    time.sleep(120)
    return found
TRAINERS["sessions"] = replace(TRAINERS["sessions"], run=slow)
services.run_trainings(kinds=["sessions"], seed=1)
"""
)
AFTER = (
    WORLD
    + """
items = snapshots().refresh().items
import time
print("serves", items.version, items.models.next_item is not None)
time.sleep(1.1)
print(services.train_if_due())
for row in Training.objects.order_by("id")[1:]:
    print(row.state, row.why)
"""
)
