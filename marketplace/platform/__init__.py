"""Wing 1: what every feature stands on; no word of the trade."""
