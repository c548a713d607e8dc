"""The bot: serves people in Discord and at the terminal, over the engine in `index`."""
