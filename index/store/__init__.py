"""The index on the disk: generations, each whole, checked and never changed."""
