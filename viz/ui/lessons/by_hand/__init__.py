"""Lesson 2: attention computed by hand."""
