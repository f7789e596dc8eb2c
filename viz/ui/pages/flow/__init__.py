"""Flow through layers."""
