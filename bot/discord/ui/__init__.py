"""Buttons, lists, pages and messages that cogs share."""
