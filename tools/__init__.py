"""What made the files that the app ships; the app imports none of it."""
