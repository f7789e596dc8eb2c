"""Run a model again, or over many texts."""
