"""Serves people in Discord; nothing outside this package knows Discord."""
