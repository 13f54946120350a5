"""Tests of pictures: opening, fingerprints, local features, judgement, what a file says of itself."""
