"""Compare texts and models."""
