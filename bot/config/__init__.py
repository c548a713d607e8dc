"""The settings: those of the program, and those of each Discord server."""
