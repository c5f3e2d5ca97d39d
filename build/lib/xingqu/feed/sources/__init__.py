"""Where candidates come from: one neighbour's door a file."""
