"""Tables of the records: their columns, and their rows as values."""
