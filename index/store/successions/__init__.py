"""Which documents are versions of which, and which replace which."""
