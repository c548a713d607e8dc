"""PDF: characters with their boxes, then lines, columns, margins, tables and blocks."""
