"""Mails, as .eml and .msg."""
