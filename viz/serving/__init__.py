"""Shared by all sessions."""
