"""Answers and what belongs to them, as messages."""
