"""Tables of the catalog on a server: their rows, and the SQL that asks them."""
