"""Who is said to be where, by whom, how surely: deterministic reading with exact spans."""
