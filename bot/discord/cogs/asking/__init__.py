"""What people ask, and what they do with the answers."""
