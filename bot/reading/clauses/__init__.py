"""The language-neutral clause reader: cue lexicons as data, one set of rules for six languages."""
