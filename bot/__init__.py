"""The application: sources, pictures, reading, the one pipeline, and the front doors."""
