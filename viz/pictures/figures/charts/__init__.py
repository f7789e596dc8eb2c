"""Numbers along axes."""
