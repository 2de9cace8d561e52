"""What came of matchmaking in a year: meetings, how far deals went, what they are worth, how fairly all had a turn."""
