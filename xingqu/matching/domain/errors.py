"""Refusals of matching."""

from xingqu.kit.errors import Conflict


class PoolNameTaken(Conflict):
    code = "pool_name_taken"
    message = "A pool of this name is open already."


class PoolClosed(Conflict):
    code = "pool_closed"
    message = "This pool is closed."
