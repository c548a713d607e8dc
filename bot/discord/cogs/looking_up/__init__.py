"""Documents without a question: what there is, what it says, and what changed."""
