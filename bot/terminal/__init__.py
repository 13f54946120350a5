"""A finding shown on the command line: the same answer as text for people or as JSON for scripts."""
