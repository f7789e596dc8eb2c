"""Matplotlib figures, for print."""
