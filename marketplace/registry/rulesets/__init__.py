"""The programme's rules as data: what is scored, what makes a star, who grants it, which papers, since when."""
