"""What sentences, items and rows claim, and which claims contradict each other."""
