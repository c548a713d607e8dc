"""Months of a team's questions, and everything else that happens meanwhile."""
