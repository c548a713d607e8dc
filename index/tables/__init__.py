"""Tables as records: cells with their places in the text, their kinds and their values."""
