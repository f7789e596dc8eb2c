"""Models saved in folders: read, checked and loaded."""
