"""What one buyer placed, and its part for each producer: states, lines, events."""
