"""What a question asks: its parts, its times, the documents that it names, its language."""
