"""Parsing in a process of its own, which may die of a file without harm."""
