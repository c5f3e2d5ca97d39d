"""Whose audience a product is for: audiences as sums over many people, and what selling to them would bring."""
