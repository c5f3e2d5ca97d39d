"""What may not be shown, decided after ranking."""
