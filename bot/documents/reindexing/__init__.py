"""Reindexes: in a process of their own, by themselves, and taken back."""
