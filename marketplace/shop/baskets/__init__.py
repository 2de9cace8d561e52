"""What a visitor means to buy, kept for guests and members."""
