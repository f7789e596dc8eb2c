"""What a model reads, as labelled units."""
