"""Turns values into Discord messages, without I/O or an event loop."""
