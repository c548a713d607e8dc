"""A small Discord of our own on 127.0.0.1, for a real discord.py bot over real sockets."""

from testing.loopback.gateway import Intent, Op
from testing.loopback.records import Frame, Interaction, Request, Upload
from testing.loopback.server import Loopback

__all__ = ["Frame", "Intent", "Interaction", "Loopback", "Op", "Request", "Upload"]
