"""What the documents have for a question: passages, their units, and how likely each answers."""
