"""Dossiers: from a product idea to the council's table, step by step, each step with who took it and when."""
