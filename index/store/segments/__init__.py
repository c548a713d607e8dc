"""Segments: arrays that never change, and how several are read as one."""
