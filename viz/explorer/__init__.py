"""The interactive view: every head of every layer in the browser, under the pointer.

payload.py     attention -> bytes          selection.py   what is picked, parsed and bounded
bundle.py      frontend/*.js -> one script strings.py     the words it shows, to be translated
component.py   the only file here that knows Streamlit
"""
