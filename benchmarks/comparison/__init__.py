"""The app beside the tutorials' script and bertviz, on the same texts and models in one run: `make bench`.

table.py    cells, lines and targets, and how they are written
whole.py    what is compared, and the run of it      machine.py    what it ran on
app.py      the app in Chromium                      document.py   a document of bertviz's in Chromium
rival.py    the script and bertviz, length by length
worker.py   the script or bertviz in a process of its own, with bounds; script.py, bertviz.py: what they do there
"""
