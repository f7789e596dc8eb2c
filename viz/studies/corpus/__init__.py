"""Many texts: read from files, run through a model in padded batches, measured without keeping their maps."""
