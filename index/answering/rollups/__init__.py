"""Lists over all documents: everything of one sort that may be seen, counted, dated and quoted."""
