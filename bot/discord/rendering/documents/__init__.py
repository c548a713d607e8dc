"""Documents and what is done with them, as messages."""
