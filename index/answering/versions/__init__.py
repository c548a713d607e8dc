"""Versions of documents: which replace which, wholly or in part, and which seem to."""
