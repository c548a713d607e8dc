"""Pictures: a page of a PDF as it is, or a part of a document set by us, with an excerpt marked."""
