"""Wholesale offers: what a producer can supply of a listing, how much in each month, and on which terms."""
