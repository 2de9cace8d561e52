"""What goods cost by how many are bought, and what a producer asks of an order before it sends."""
