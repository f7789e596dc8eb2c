"""Lesson 3 (cells/: vectors as coloured cells, a component)."""
