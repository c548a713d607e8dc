"""Kinds of questions that are answered in another way than by the sentences that say it."""
