"""The compiled loops of the session neighbours. Their cost depends on the sessions read, not on the catalogue."""

from __future__ import annotations

import numpy as np

from xingqu.engine.kernels import F32, I32, I64, njit

EMPTY = -1


@njit(cache=True, nogil=True)
def slot_of(keys: I64, key: int) -> int:
    """Place of ``key`` in an open table (a power of two long, never full), or of the gap where it belongs."""
    mask = keys.size - 1
    slot = (key * 0x9E3779B1) & mask
    while keys[slot] != EMPTY and keys[slot] != key:
        slot = (slot + 1) & mask
    return slot


@njit(cache=True, nogil=True)
def table_size(entries: int) -> int:
    size = 64
    while size < 2 * entries:
        size *= 2
    return size


@njit(cache=True, nogil=True)
def index_places(rows: I32, count: int) -> tuple[I64, I64]:
    """For each of ``count`` items the places in ``rows`` where it stands, ascending: (pointer, places)."""
    pointer = np.zeros(count + 1, dtype=np.int64)
    for place in range(rows.size):
        pointer[rows[place] + 1] += 1
    for item in range(count):
        pointer[item + 1] += pointer[item]
    free = pointer[:-1].copy()
    places = np.empty(rows.size, dtype=np.int64)
    for place in range(rows.size):
        item = rows[place]
        places[free[item]] = place
        free[item] += 1
    return pointer, places


@njit(cache=True, nogil=True)
def match_sessions(
    recent: I32,
    session_of: I32,
    item_indptr: I64,
    places: I64,
    idf: F32,
    newest: int,
    item_decay: float,
) -> tuple[I64, F32, I64]:
    """Sessions that hold an item of ``recent``: (session, weight, place of the latest item they share).

    Later items of ``recent`` weigh more; of each item's sessions the ``newest`` are read.
    """
    total = 0
    for k in range(recent.size):
        total += min(newest, item_indptr[recent[k] + 1] - item_indptr[recent[k]])
    keys = np.full(table_size(total), EMPTY, dtype=np.int64)
    entry = np.empty(keys.size, dtype=np.int32)
    sessions = np.empty(total, dtype=np.int64)
    weight = np.zeros(total, dtype=np.float32)
    shared = np.empty(total, dtype=np.int64)
    count = 0
    for back in range(recent.size):
        item = recent[recent.size - 1 - back]
        repeated = False
        for later in range(recent.size - back, recent.size):
            repeated = repeated or recent[later] == item
        if repeated:
            continue
        strength = item_decay**back * idf[item]
        stop = item_indptr[item + 1]
        previous = -1
        for position in range(stop - 1, max(item_indptr[item], stop - newest) - 1, -1):
            session = session_of[places[position]]
            if session == previous:
                continue
            previous = session
            slot = slot_of(keys, session)
            if keys[slot] == EMPTY:
                keys[slot] = session
                entry[slot] = count
                sessions[count] = session
                shared[count] = places[position]
                count += 1
            weight[entry[slot]] += strength
    return sessions[:count].copy(), weight[:count].copy(), shared[:count].copy()


@njit(cache=True, nogil=True)
def vote(
    sessions: I64,
    weight: F32,
    shared: I64,
    indptr: I64,
    rows: I32,
    place_decay: float,
    backward: float,
) -> tuple[I32, F32]:
    """Each session votes for its items, the more the nearer they stand to the shared one: (rows, scores)."""
    total = 0
    for k in range(sessions.size):
        total += indptr[sessions[k] + 1] - indptr[sessions[k]]
    keys = np.full(table_size(total), EMPTY, dtype=np.int64)
    entry = np.empty(keys.size, dtype=np.int32)
    found = np.empty(total, dtype=np.int32)
    score = np.zeros(total, dtype=np.float32)
    count = 0
    for k in range(sessions.size):
        for place in range(indptr[sessions[k]], indptr[sessions[k] + 1]):
            distance = place - shared[k]
            if distance == 0:
                continue
            share = place_decay ** (distance - 1) if distance > 0 else backward * place_decay ** (-distance - 1)
            slot = slot_of(keys, rows[place])
            if keys[slot] == EMPTY:
                keys[slot] = rows[place]
                entry[slot] = count
                found[count] = rows[place]
                count += 1
            score[entry[slot]] += weight[k] * share
    return found[:count].copy(), score[:count].copy()


@njit(cache=True, nogil=True)
def nearest(
    recent: I32,
    indptr: I64,
    rows: I32,
    session_of: I32,
    item_indptr: I64,
    places: I64,
    idf: F32,
    newest: int,
    kept: int,
    item_decay: float,
    half_life: float,
    place_decay: float,
    backward: float,
    length_power: float,
) -> tuple[I32, F32]:
    """Items of the ``kept`` sessions most like ``recent``, with the sum of their votes, in no order."""
    sessions, weight, shared = match_sessions(recent, session_of, item_indptr, places, idf, newest, item_decay)
    last = indptr.size - 2
    for k in range(sessions.size):
        length = indptr[sessions[k] + 1] - indptr[sessions[k]]
        weight[k] *= 0.5 ** ((last - sessions[k]) / half_life) / length**length_power
    if sessions.size > kept:
        floor = np.partition(weight, sessions.size - kept)[sessions.size - kept]
        near = np.flatnonzero(weight >= floor)
        sessions, weight, shared = sessions[near], weight[near], shared[near]
    return vote(sessions, weight, shared, indptr, rows, place_decay, backward)


@njit(cache=True, nogil=True)
def nearest_lists(
    starts: I64,
    stops: I64,
    history: I32,
    width: int,
    indptr: I64,
    rows: I32,
    session_of: I32,
    item_indptr: I64,
    places: I64,
    idf: F32,
    newest: int,
    kept: int,
    item_decay: float,
    half_life: float,
    place_decay: float,
    backward: float,
    length_power: float,
) -> tuple[I32, F32, F32]:
    """``nearest`` for many: (rows (b, width) best first and -1 where there are fewer, scores, sum of all votes (b,))."""
    found = np.full((starts.size, width), -1, dtype=np.int32)
    scores = np.zeros((starts.size, width), dtype=np.float32)
    totals = np.zeros(starts.size, dtype=np.float32)
    for case in range(starts.size):
        items, votes = nearest(
            history[starts[case] : stops[case]],
            indptr,
            rows,
            session_of,
            item_indptr,
            places,
            idf,
            newest,
            kept,
            item_decay,
            half_life,
            place_decay,
            backward,
            length_power,
        )
        order = np.argsort(-votes, kind="mergesort")[:width]
        for k in range(order.size):
            found[case, k] = items[order[k]]
            scores[case, k] = votes[order[k]]
        totals[case] = votes.sum()
    return found, scores, totals


@njit(cache=True, nogil=True)
def weigh_neighbours(indptr: I64, columns: I32, weights: F32, dense: F32) -> F32:
    """The product of a CSR matrix (n, m) with ``dense`` (m, d)."""
    width = dense.shape[1]
    result = np.zeros((indptr.size - 1, width), dtype=np.float32)
    for row in range(indptr.size - 1):
        for position in range(indptr[row], indptr[row + 1]):
            weight = weights[position]
            column = columns[position]
            for k in range(width):
                result[row, k] += weight * dense[column, k]
    return result


@njit(cache=True, nogil=True)
def add_transitions(
    told: F32,
    keys: I64,
    entry: I32,
    last: int,
    indptr: I64,
    rows: I32,
    session_of: I32,
    item_indptr: I64,
    places: I64,
    newest: int,
    half_life: float,
) -> float:
    """Add to columns 2 and 3 the faded steps from ``last`` and to it; returns how many went on from it."""
    went_on = 0.0
    stop = item_indptr[last + 1]
    for position in range(max(item_indptr[last], stop - newest), stop):
        place = places[position]
        session = session_of[place]
        share = 0.5 ** ((indptr.size - 2 - session) / half_life)
        if place + 1 < indptr[session + 1]:
            went_on += share
            slot = slot_of(keys, rows[place + 1])
            if keys[slot] != EMPTY:
                told[entry[slot], 2] += share
        if place > indptr[session]:
            slot = slot_of(keys, rows[place - 1])
            if keys[slot] != EMPTY:
                told[entry[slot], 3] += share
    return went_on


@njit(cache=True, nogil=True)
def describe(
    candidates: I32,
    recent: I32,
    found: I32,
    votes: F32,
    indptr: I64,
    rows: I32,
    session_of: I32,
    item_indptr: I64,
    places: I64,
    lately: F32,
    newest: int,
    half_life: float,
) -> tuple[F32, float]:
    """Evidence for each of ``candidates`` (distinct) as next after ``recent``: ((m, 12), visits that went on from the last).

    Columns: share of the neighbours' votes, as logarithm; whether there are any; how often people went on from the
    last item to the candidate and the other way round, faded by age, as logarithms of shares; visits lately and ever, as
    logarithms; whether it stands last, one, two, three or more places before the end; how often else it stands there.
    """
    keys = np.full(table_size(candidates.size), EMPTY, dtype=np.int64)
    entry = np.empty(keys.size, dtype=np.int32)
    for k in range(candidates.size):
        slot = slot_of(keys, candidates[k])
        keys[slot] = candidates[k]
        entry[slot] = k
    told = np.zeros((candidates.size, 12), dtype=np.float32)
    all_votes = 1e-6
    for k in range(found.size):
        all_votes += votes[k]
        slot = slot_of(keys, found[k])
        if keys[slot] != EMPTY:
            told[entry[slot], 0] = votes[k]
            told[entry[slot], 1] = 1.0
    went_on = add_transitions(
        told,
        keys,
        entry,
        recent[recent.size - 1],
        indptr,
        rows,
        session_of,
        item_indptr,
        places,
        newest,
        half_life,
    )
    for k in range(recent.size):
        slot = slot_of(keys, recent[recent.size - 1 - k])
        if keys[slot] == EMPTY:
            continue
        line = entry[slot]
        if told[line, 6:11].sum() > 0:
            told[line, 11] = min(told[line, 11] + 1.0, 3.0)
        else:
            told[line, 6 + min(k, 4)] = 1.0
    for k in range(candidates.size):
        told[k, 0] = np.log(told[k, 0] / all_votes + 1e-4)
        told[k, 2] = np.log(told[k, 2] / (went_on + 1.0) + 1e-3)
        told[k, 3] = np.log(told[k, 3] / (went_on + 1.0) + 1e-3)
        item = candidates[k]
        told[k, 4] = np.log(lately[item] + 0.1)
        told[k, 5] = np.log(item_indptr[item + 1] - item_indptr[item] + 1.0)
    return told, went_on
