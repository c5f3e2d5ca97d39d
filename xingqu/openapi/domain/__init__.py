"""What is open, and how it is signed, pure."""
