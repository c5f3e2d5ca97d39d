"""The public origin: one asynchronous process that serves files and streams, and passes the rest to the web process."""
