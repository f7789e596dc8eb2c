"""All that knows Streamlit: the view state, the shared caches, the controls, the two languages."""
