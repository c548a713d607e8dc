"""The connection to Discord, and the client that holds it."""
