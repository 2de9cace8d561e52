"""The producer's desk: stock, prices, order parts."""
