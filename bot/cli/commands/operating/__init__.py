"""Commands that run the bot and keep its index and records."""
