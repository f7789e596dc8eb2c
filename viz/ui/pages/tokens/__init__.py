"""Most attended tokens."""
