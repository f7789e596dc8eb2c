"""Roles of heads."""
