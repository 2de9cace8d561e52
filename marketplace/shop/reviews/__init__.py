"""What buyers say of goods they received: words that are judged, stars, the maker's reply, totals that are kept."""
