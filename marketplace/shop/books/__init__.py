"""Whether the books hold: eleven invariants over orders, stock, money, letters and trail, each a named check."""
