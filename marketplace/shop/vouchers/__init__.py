"""Vouchers: what a producer or the province takes off an order, how often, for whom, until when."""
