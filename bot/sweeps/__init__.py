"""What time asks for: when a watch or a digest is due."""
