"""A picture, its table, its downloads."""
