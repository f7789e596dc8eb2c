"""What is said, in the session's language."""
