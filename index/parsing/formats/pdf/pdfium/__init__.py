"""Reads a page through PDFium: characters, words, drawn objects, notes and attachments."""
