"""The evidence store: database, vault, custody log, and one file for each family of tables."""
