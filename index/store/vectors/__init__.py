"""The vectors of passages."""
