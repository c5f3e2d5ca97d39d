"""Reviews of what was bought, and the shops' replies."""
