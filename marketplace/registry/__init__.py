"""Wing 3: what is certified, by whom, until when."""
