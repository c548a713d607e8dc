"""Uploads: files that people send, from their check to their place in the corpus."""
