"""Puts the program together: everything is built here, once, and handed down."""
