"""One file a verb: a pure async function that does the work and returns a finding."""
