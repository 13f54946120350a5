"""What time asks for: the tick, the sweeps of watches, the digests that are due."""
