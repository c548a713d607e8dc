"""Texts that the bot shows about documents, answers and commands, in each language."""
