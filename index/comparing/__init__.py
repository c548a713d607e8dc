"""Two documents, or two versions of one, compared passage by passage."""
