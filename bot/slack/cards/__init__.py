"""One file a card: pure functions from a finding to blocks, a message or a card."""
