"""The whole app in a real browser: a real server, Chromium, nothing replaced."""
