"""From a question to an answer with its excerpts, or to none."""
