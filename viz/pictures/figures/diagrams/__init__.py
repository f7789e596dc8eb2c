"""Drawings that explain."""
