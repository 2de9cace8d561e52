"""Wing 2: places, accounts, producers."""
