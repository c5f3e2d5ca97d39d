"""People, organisations, creators, roles, sessions, guests and notices."""
