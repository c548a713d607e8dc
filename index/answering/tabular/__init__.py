"""Questions that tables answer: which rows, which column, and what is computed of their cells."""
