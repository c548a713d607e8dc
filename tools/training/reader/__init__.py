"""What the training of our own reader is made of: sets, pairs, the model, its files."""
