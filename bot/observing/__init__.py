"""Observing: metrics, health pages and logs for whoever runs the bot."""
