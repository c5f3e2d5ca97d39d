"""The interest engine: arrays in, arrays out.

No framework, no input or output, no globals: the clock (``now_ms``, Unix milliseconds) and the random
generator are arguments. Start at ``recommend.recommend``; feed behaviour in with
``state.signals.apply_signals``; build what is on sale with ``state.items.ItemSnapshot.build``.
"""
