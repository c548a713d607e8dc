"""Questions about the documents themselves: which, how many, how old, by whom."""
