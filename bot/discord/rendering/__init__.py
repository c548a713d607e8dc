"""What the bot shows in Discord: values in, parts of messages out. No I/O, no event loop."""
