"""Verbs, asked as the front doors ask them."""
