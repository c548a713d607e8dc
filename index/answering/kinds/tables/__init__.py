"""Rows, columns and cells of tables, compared and computed."""
