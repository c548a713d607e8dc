"""Who is asking, who reads along and who is an admin, by what Discord says."""
