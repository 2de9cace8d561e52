"""A province's marketplace and trade-promotion desk for certified regional products."""
