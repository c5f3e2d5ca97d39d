"""Cold start: traffic pools that give every new item its exposures, and gates that decide what it gets next."""
