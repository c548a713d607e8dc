"""What of a file is not read as its text: hidden parts, embedded files, documents inside."""
