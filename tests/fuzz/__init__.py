"""A fuzzer over everything that a stranger's picture passes through, run by `make fuzz`."""
