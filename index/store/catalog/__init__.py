"""The catalog: documents, passages and what was found out about them."""
