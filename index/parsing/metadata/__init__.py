"""What a file says of itself: its title, and whom it is for."""
