"""The formula of the score, pure."""
