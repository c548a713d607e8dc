"""The neural models: where they are, and how they run."""
