"""From a Document to Passages, which are what is searched."""
