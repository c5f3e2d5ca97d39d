"""All people's states out of one store and into another. The site must stand still."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from xingqu.interest.storage import close_stores, open_target, state_store
from xingqu.interest.stores import place
from xingqu.interest.stores.ports import StoredActor
from xingqu.interest.stores.transfer import TransferFormatError, check_file, digest_of, read_file, write_file
from xingqu.kit.errors import Conflict, InvalidInput
from xingqu.signals.services import open_vault


@dataclass(frozen=True, slots=True)
class StatesMoved:
    """How many actors came in; how many of the file were deleted since it was written, and stay so."""

    store: str
    actors: int
    deleted_since: int


def export_states(*, path: Path) -> int:
    """Write everybody's state, event ids and the positions in the log to a new file; returns how many actors.

    Raises InvalidInput when the file exists or cannot be written, StatesUnavailable.
    """
    store = state_store()
    try:
        return write_file(path, store.export_actors(), store.applied())
    except OSError as error:
        raise InvalidInput(f"The file cannot be written: {error}", field="path", expected="a new file") from error


def import_states(*, path: Path) -> StatesMoved:
    """Bring an export into the store that the settings name, compare, and use that store from now on.

    The file is read to its end before anything is written. What an abandoned store still holds is dropped first. Raises
    InvalidInput for a file that is no whole export of this site, Conflict when the store is in use already or what arrived
    differs, StatesUnavailable.
    """
    close_stores()
    try:
        positions = check_file(path)
    except (OSError, TransferFormatError) as error:
        raise InvalidInput(str(error), field="path", expected="a file that export_states wrote") from error
    with closing(open_target()[0]) as store:
        at = place.written_down(Path(settings.HOME))
        if at == place.kind_of(store) and not store.is_empty():
            raise Conflict(f"This site's states are in {at} already. Nothing was changed.")
        store.clear()
        store.import_actors(_alive(path))
        store.mark_applied(positions)
        sent, arrived = digest_of(_alive(path)), digest_of(store.export_actors())
        if sent != arrived or dict(store.applied()) != positions:
            raise Conflict(f"{sent[0]} actors were sent, {arrived[0]} arrived, and they are not the same.")
        place.write_down(Path(settings.HOME), store)
        total = sum(1 for _ in read_file(path, {}))
        return StatesMoved(store=place.kind_of(store), actors=arrived[0], deleted_since=total - arrived[0])


def _alive(path: Path) -> Iterator[StoredActor]:
    """Those of the file whose keys were not erased since."""
    vault = open_vault()
    for actor in read_file(path, {}):
        try:
            vault.seal(actor.slots[0], b"")
        except KeyError:
            continue
        yield actor
