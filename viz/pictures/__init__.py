"""What is drawn or leaves as a file."""
