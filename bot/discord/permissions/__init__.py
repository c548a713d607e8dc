"""Who sees what, by Discord's roles and channels."""
