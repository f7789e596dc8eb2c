"""Lesson 2 (board/: css and js)."""
