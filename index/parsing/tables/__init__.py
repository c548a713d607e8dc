"""Tables: grids of cells, and what is header, caption and note in the rows of a sheet."""
