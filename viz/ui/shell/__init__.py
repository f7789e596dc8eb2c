"""Around every page."""
