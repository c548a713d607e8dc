"""What is shown: the stretches of text that are quoted."""
