"""From probabilities to a page: value, diversity, spacing, reserved slots."""
