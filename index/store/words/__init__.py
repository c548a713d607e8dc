"""The words of passages, documents and names: BM25, spellings, and what is built for them."""
