"""What terminal commands ask Discord, over REST alone."""
