"""Viewing: a document in parts that can be shown, by its outline, and in pictures."""
