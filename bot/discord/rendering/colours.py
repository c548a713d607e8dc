"""Colours at the side of a message, by what it is."""

from __future__ import annotations

import discord

ANSWER = discord.Colour(0x2F6F4F)
DOUBT = discord.Colour(0xC9922B)
SILENCE = discord.Colour(0x747F8D)
INFO = discord.Colour(0x3B6EA5)
"""Of what shows documents, and is no answer from their text."""
ALERT = discord.Colour(0xB5651D)
"""Of what changes the documents, or is wrong with them."""
