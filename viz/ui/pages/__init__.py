"""What one page alone draws."""
