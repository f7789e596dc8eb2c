"""Compare heads."""
