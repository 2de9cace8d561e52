"""Distributors: firms that buy in quantity, and what they say of themselves."""
