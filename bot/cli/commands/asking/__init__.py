"""Commands that ask questions, or look at the questions that were asked."""
