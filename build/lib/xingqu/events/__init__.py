"""Every published fact as a frozen dataclass, one file a producer."""
