"""Plain text: its characters, lines, paragraphs, numbers and dates."""
