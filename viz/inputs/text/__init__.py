"""Text to Encoding."""
