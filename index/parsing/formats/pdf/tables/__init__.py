"""Tables of a page: found by their rules or by the space between their columns."""
