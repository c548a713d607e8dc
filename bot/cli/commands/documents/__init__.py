"""Commands that look at documents and decide about them."""
