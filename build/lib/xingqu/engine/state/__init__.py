"""What the engine remembers: about items (an immutable snapshot) and about one person."""
