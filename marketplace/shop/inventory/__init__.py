"""What is on hand, and every movement that made it so."""
