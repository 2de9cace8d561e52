"""The public's pages: home, catalogue, product, producers, verify."""
