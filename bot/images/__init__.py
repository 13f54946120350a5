"""From hostile bytes to a verdict: whether this picture was kept before, and how the two differ."""
