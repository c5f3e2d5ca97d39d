"""A bank of its own: own table, own key; it and settlement share nothing but signed messages over HTTP."""
