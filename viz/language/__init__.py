"""Sentences marked for translation and looked up; no session."""
