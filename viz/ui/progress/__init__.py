"""What is awaited."""
