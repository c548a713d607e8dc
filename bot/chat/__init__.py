"""A question asked in a chat, and its answer. No chat system is known here."""
