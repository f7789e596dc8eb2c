"""What the teaching pages compute and say: numbers and facts, no Streamlit and no figures."""
