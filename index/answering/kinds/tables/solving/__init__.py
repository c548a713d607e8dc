"""Solving a table: which rows count, which cells answer, and what is computed of them."""
