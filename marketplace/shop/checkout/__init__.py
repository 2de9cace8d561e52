"""Placing an order: the draft a buyer fills in, the review, and the one block that makes it an order."""
