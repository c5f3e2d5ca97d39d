"""Features of a candidate and the probabilities predicted from them."""
