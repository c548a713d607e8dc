"""Questions with known answers, asked, and figures on what came of them."""
