"""What differs from family to family, each fact once."""
