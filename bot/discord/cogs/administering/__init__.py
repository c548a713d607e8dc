"""What admins do: documents, the index, and what people miss."""
