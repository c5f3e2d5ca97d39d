"""What the demo shows: product pictures, the plan of its contents, and their making."""
