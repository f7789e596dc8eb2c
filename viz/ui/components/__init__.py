"""Parts with JavaScript of their own."""
