"""Answers, and what reaches people because of them."""
