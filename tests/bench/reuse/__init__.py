"""The benchmark of picture reuse: `make bench-reuse`."""
