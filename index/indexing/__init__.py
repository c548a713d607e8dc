"""From a folder of documents to the next generation of the index."""
