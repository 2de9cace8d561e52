"""What a producer asks of an order before it sends: the least amount, and the days to get ready."""
