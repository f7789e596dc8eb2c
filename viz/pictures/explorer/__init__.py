"""The interactive view: every head of every layer in the browser, under the pointer.

payload.py     attention -> bytes          selection.py   what is picked, parsed and bounded
scripts.py      frontend/*.js -> one script strings.py     the words it shows, to be translated
offline.py     all of it as one HTML document, to be kept and opened without the app
component.py   the only file here that knows Streamlit
"""
