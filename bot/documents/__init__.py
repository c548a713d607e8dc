"""What is done to the documents and the index: uploads, reindexes, rollback, backup."""
