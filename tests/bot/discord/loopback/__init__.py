"""A small Discord of our own on 127.0.0.1, for a real discord.py bot over real sockets."""

from tests.bot.discord.loopback.gateway import Intent, Op
from tests.bot.discord.loopback.records import Frame, Interaction, Request, Upload
from tests.bot.discord.loopback.server import Loopback

__all__ = ["Frame", "Intent", "Interaction", "Loopback", "Op", "Request", "Upload"]
