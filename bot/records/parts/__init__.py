"""Subjects of the records that have tables of their own."""
