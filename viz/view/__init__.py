"""What is on screen; no Streamlit, no session."""
