"""Models that come in Python packages."""
