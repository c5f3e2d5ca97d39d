"""What the Redis adapter of the state port does in one step each: scripts, because a state is read, changed and written.

Actors, owners, states, touched, days and applied are one table each; the event ids of a slot are a sorted set of their own,
whose key is the prefix in ARGV and the four bytes of the slot. All keys carry one hash tag, so they stand on one node.
A sealed state begins with twelve random bytes, new at every write: they are its version.
"""

from typing import Final

# KEYS: actors, owners, states. ARGV: prefix of event ids, name (or nothing), slot, event ids...
# Returns name, slots, sealed state, and for each id whether it was applied; nothing for nobody.
FIND: Final = """
local name = ARGV[2]
if name == '' then name = redis.call('HGET', KEYS[2], ARGV[3]) end
local slots = name and redis.call('HGET', KEYS[1], name)
if not slots then return {} end
local known = {}
for i = 4, #ARGV do
  known[i - 3] = 0
  for place = 1, #slots, 4 do
    if redis.call('ZSCORE', ARGV[1] .. string.sub(slots, place, place + 3), ARGV[i]) then known[i - 3] = 1 end
  end
end
return {name, slots, redis.call('HGET', KEYS[3], string.sub(slots, 1, 4)) or '', known}
"""
# A position moves on from where the last batch ended only: should Redis lose its last second, the gap shows, and recovery
# applies from there.
_MOVE: Final = """
local function move(applied, segment, start, finish, first)
  local done = redis.call('HGET', applied, segment)
  if done == start or (not done and start == first) then redis.call('HSET', applied, segment, finish) end
end
local function touch(touched, slot, at)
  if at == '' then redis.call('ZREM', touched, slot) else redis.call('ZADD', touched, at, slot) end
end
"""
# KEYS: applied. ARGV: segment, start, end, first place of a segment.
MOVE: Final = _MOVE + "move(KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4])"
# KEYS: actors, states, touched, days, applied. ARGV: name, slots and version as read, sealed state, when touched or nothing,
# segment or nothing, start, end, first place, prefix of event ids, day, event ids... 0: changed since, nothing written.
WRITE: Final = (
    _MOVE
    + """
local slot = string.sub(ARGV[2], 1, 4)
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
if string.sub(redis.call('HGET', KEYS[2], slot) or '', 1, 12) ~= ARGV[3] then return 0 end
redis.call('HSET', KEYS[2], slot, ARGV[4])
touch(KEYS[3], slot, ARGV[5])
if #ARGV > 11 then redis.call('ZADD', KEYS[4], 'LT', ARGV[11], slot) end
for i = 12, #ARGV do redis.call('ZADD', ARGV[10] .. slot, ARGV[11], ARGV[i]) end
if ARGV[6] ~= '' then move(KEYS[5], ARGV[6], ARGV[7], ARGV[8], ARGV[9]) end
return 1
"""
)
# KEYS: actors, owners. ARGV: name, fresh slot. Returns the actor's slots: the fresh one unless somebody was faster.
HAND_OUT: Final = """
local slots = redis.call('HGET', KEYS[1], ARGV[1])
if slots then return slots end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('HSET', KEYS[2], ARGV[2], ARGV[1])
return ARGV[2]
"""
# KEYS: actors, owners, states, touched. ARGV: guest, person, slots of both and versions of both as read, sealed state, when.
MERGE: Final = (
    _MOVE
    + """
local function changed(name, slots, version)
  if redis.call('HGET', KEYS[1], name) ~= slots then return true end
  return string.sub(redis.call('HGET', KEYS[3], string.sub(slots, 1, 4)) or '', 1, 12) ~= version
end
if changed(ARGV[1], ARGV[3], ARGV[5]) or changed(ARGV[2], ARGV[4], ARGV[6]) then return 0 end
local theirs, own = string.sub(ARGV[3], 1, 4), string.sub(ARGV[4], 1, 4)
redis.call('HSET', KEYS[3], own, ARGV[7])
redis.call('HDEL', KEYS[3], theirs)
touch(KEYS[4], own, ARGV[8])
touch(KEYS[4], theirs, '')
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('HSET', KEYS[1], ARGV[2], ARGV[4] .. ARGV[3])
for place = 1, #ARGV[3], 4 do redis.call('HSET', KEYS[2], string.sub(ARGV[3], place, place + 3), ARGV[2]) end
return 1
"""
)
# KEYS: actors, owners, states, touched, days, doomed. ARGV: name, slots as read, version as read or '*', prefix of event ids.
# The slots are doomed until their keys were overwritten, so that a crash in between leaves nothing half deleted.
ERASE: Final = """
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
local state = redis.call('HGET', KEYS[3], string.sub(ARGV[2], 1, 4)) or ''
if ARGV[3] ~= '*' and string.sub(state, 1, 12) ~= ARGV[3] then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
for place = 1, #ARGV[2], 4 do
  local slot = string.sub(ARGV[2], place, place + 3)
  redis.call('SADD', KEYS[6], slot)
  redis.call('HDEL', KEYS[2], slot)
  redis.call('HDEL', KEYS[3], slot)
  redis.call('ZREM', KEYS[4], slot)
  redis.call('ZREM', KEYS[5], slot)
  redis.call('DEL', ARGV[4] .. slot)
end
return 1
"""
# KEYS: days, event ids of the slot. ARGV: slot, day. Returns how many ids are gone.
FORGET: Final = """
local gone = redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', '(' .. ARGV[2])
local oldest = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
if oldest[2] then redis.call('ZADD', KEYS[1], oldest[2], ARGV[1]) else redis.call('ZREM', KEYS[1], ARGV[1]) end
return gone
"""
# KEYS: applied. ARGV: segment, end, ... Never back.
MARK: Final = """
for i = 1, #ARGV, 2 do
  local done = redis.call('HGET', KEYS[1], ARGV[i])
  if not done or tonumber(done) < tonumber(ARGV[i + 1]) then redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
end
"""
