"""Names in questions: of documents, and of what no document names."""
