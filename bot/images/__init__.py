"""From hostile bytes to a verdict: have we kept this picture before, and how does it differ?"""
