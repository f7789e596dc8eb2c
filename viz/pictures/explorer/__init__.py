"""The interactive view: every head of every layer in the browser, under the pointer.

payload.py     attention -> bytes         wire_format.py  the bytes of one message
selection.py   what is picked, bounded    strings.py      the words it shows, to be translated
scripts.py     frontend/ -> one script    offline.py      all of it as one HTML document, opened without the app

In frontend/, data/ computes, views/ draws, and page/ joins both with the page. `viz.ui.components.explorer_component`
puts it on a page of the app.
"""
