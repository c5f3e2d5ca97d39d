"""Gateways that speak the providers' wire formats over real sockets, with real keys. They check what they are sent as the
providers do, and misbehave when told to."""
