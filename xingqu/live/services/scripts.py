"""Scripts: what happens in a room by itself, on a clock that stands still while the room does."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from xingqu.kit import clock
from xingqu.kit.errors import BusinessError, InvalidInput, NotFound
from xingqu.kit.transactions import hold_names, retried
from xingqu.live.domain.errors import WrongState
from xingqu.live.domain.script import due, in_turn, problem
from xingqu.live.domain.states import PUSHABLE
from xingqu.live.models import LiveItem, LiveRoom, LiveScript
from xingqu.live.services.chatting import post_host_chat
from xingqu.live.services.dropping import NewDrop, drop_coupon
from xingqu.live.services.rooms import RoomChanges, end_explaining, own_room, update_room
from xingqu.live.services.showing import explain_item

log = logging.getLogger(__name__)
STEPS_A_TURN = 5


@retried
@transaction.atomic
def write_script(*, shop_id: int, room_id: int, steps: Sequence[Mapping[str, Any]], loop_s: int) -> None:
    """Give a room its script, from the beginning and stopped. Raises NotFound, WrongState, InvalidInput."""
    room = own_room(shop_id=shop_id, room_id=room_id)
    if room.state not in PUSHABLE:
        raise WrongState(data={"state": room.state})
    wrong = problem(steps, loop_s)
    items = {step["item_id"] for step in steps if step.get("item_id") is not None}
    if wrong is None and LiveItem.objects.filter(room=room, pk__in=items).count() != len(items):
        wrong = "items of the run of show"
    if wrong is not None:
        raise InvalidInput(field="steps", expected=wrong)
    ordered = sorted((dict(step) for step in steps), key=lambda step: int(step["at_s"]))
    fresh = {"run_s": 0.0, "running_since": None, "lap": 0, "position": 0, "note": "", "is_on": False}
    LiveScript.objects.update_or_create(room=room, defaults={"steps": ordered, "loop_s": loop_s, **fresh})


def explain_in_turn(*, shop_id: int, room_id: int, item_ids: Sequence[int], every_s: int, loop: bool) -> None:
    """Explain items one after the other by themselves. Raises NotFound, WrongState, InvalidInput."""
    steps, length_s = in_turn(item_ids, every_s)
    write_script(shop_id=shop_id, room_id=room_id, steps=steps, loop_s=length_s if loop else 0)
    switch_script(shop_id=shop_id, room_id=room_id, is_on=True)


@retried
@transaction.atomic
def switch_script(*, shop_id: int, room_id: int, is_on: bool) -> None:
    """Let the script go on, or stop it where it is. Raises NotFound."""
    own_room(shop_id=shop_id, room_id=room_id)
    script = LiveScript.objects.filter(room_id=room_id).first()
    if script is None:
        raise NotFound
    if not is_on:
        script.run_s, script.running_since = _run_s(script, clock.now()), None
    script.is_on = is_on
    script.save(update_fields=["is_on", "run_s", "running_since"])


def run_scripts() -> int:
    """Take the steps that are due; returns how many. For the worker."""
    rooms = LiveScript.objects.filter(is_on=True, room__state__in=PUSHABLE).values_list("room_id", flat=True)
    return sum(_run(room_id) for room_id in list(rooms))


def _run(room_id: int) -> int:
    count = 0
    while count < STEPS_A_TURN:
        step = _next(room_id)
        if step is None:
            return count
        count += 1
        shop_id, told = step
        try:
            _act(shop_id, room_id, told)
        except BusinessError as refusal:  # sold out, taken off, a word that may not be said: the show goes on
            log.info("script of room %s: %s at %s s: %s", room_id, told["act"], told["at_s"], refusal.code)
            LiveScript.objects.filter(room_id=room_id).update(
                note=f"{told['at_s']} s {told['act']}: {refusal.code}"[:200]
            )
    return count


@retried
@transaction.atomic
def _next(room_id: int) -> tuple[int, dict[str, Any]] | None:
    """The step that is due, taken by this worker; the clock goes or stands as the room does."""
    hold_names(f"live_script:{room_id}")
    room = LiveRoom.objects.get(pk=room_id)
    script = LiveScript.objects.get(room_id=room_id)
    now = clock.now()
    if not script.is_on or room.state != "live":
        if script.running_since is not None:
            LiveScript.objects.filter(pk=script.pk).update(run_s=_run_s(script, now), running_since=None)
        return None
    if script.running_since is None:
        LiveScript.objects.filter(pk=script.pk).update(running_since=now)
        script.running_since = now
    found = due(script.steps, loop_s=script.loop_s, run_s=_run_s(script, now), lap=script.lap, position=script.position)
    if found is None:
        return None
    lap, position, step = found
    taken = LiveScript.objects.filter(pk=script.pk, lap=script.lap, position=script.position)
    if not taken.update(lap=lap, position=position):
        return None
    return room.shop_id, dict(step)


def _act(shop_id: int, room_id: int, step: Mapping[str, Any]) -> None:
    kind = step["act"]
    if kind == "explain":
        explain_item(shop_id=shop_id, room_id=room_id, item_id=step["item_id"])
    elif kind == "unexplain":
        _stop(room_id)
    elif kind == "announce":
        update_room(shop_id=shop_id, room_id=room_id, changes=RoomChanges(announcement=step["text"]))
    elif kind == "say":
        post_host_chat(shop_id=shop_id, room_id=room_id, person_id=0, text=step["text"])
    else:
        drop_coupon(shop_id=shop_id, room_id=room_id, drop=NewDrop(**step["coupon"]))


@retried
@transaction.atomic
def _stop(room_id: int) -> None:
    end_explaining(room_id=room_id)


def _run_s(script: LiveScript, now: datetime) -> float:
    since = script.running_since
    return script.run_s + ((now - since).total_seconds() if since is not None else 0.0)
