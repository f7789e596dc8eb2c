"""The translator's training; not part of the app."""
