"""English sentences: clauses, locating frames, stance, speakers, coreference."""
