"""A payment gateway of its own for trying things out: it has its own tables and keys, and speaks with trade by signed HTTP only.

`client` is the side of the platform; everything else is the side of the gateway.
"""
