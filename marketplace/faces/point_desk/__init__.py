"""A showcase point's own desk: parcels to hand over, stock, sales, goods on display."""
