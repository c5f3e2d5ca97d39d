"""One retrieval channel a file; each brings at most a few hundred candidates."""
