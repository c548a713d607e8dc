"""What the terminal asks Discord, over REST only."""
