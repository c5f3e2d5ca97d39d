"""Feed and signals under load."""
