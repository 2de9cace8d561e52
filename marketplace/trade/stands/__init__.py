"""At an exhibitor's stand: goods sold there, takings of each day, orders for delivery home."""
