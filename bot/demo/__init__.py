"""`briefing-bot demo`: the bot in a local page that looks like Discord."""
