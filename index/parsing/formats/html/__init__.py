"""Web pages, and the HTML inside other formats."""
