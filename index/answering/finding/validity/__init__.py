"""Validity: which documents hold at the time of a question, and which evidence so comes first."""
