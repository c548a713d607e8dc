"""One module, or one package, for each kind of file."""
