"""Work of a reindex that other processes and machines take off a queue on the server."""
