"""The lessons on the page: the frame that all share, and what each draws."""
