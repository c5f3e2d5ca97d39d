"""What is pure of governance."""
