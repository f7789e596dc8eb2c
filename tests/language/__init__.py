"""Tests of viz.language."""
