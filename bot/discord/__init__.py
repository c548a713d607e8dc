"""The bot in Discord. Everything that is not Discord's lies outside of this package."""
