"""Sending an order part: parcels and tracking, and the producer's verbs on a part."""
