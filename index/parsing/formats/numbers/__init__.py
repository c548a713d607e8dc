"""How a sheet shows a number: format codes, dates and what they make of a value."""
