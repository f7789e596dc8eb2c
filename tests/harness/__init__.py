"""A server of the app, what speaks with it, and a browser: shared by the tests and the benchmarks."""
