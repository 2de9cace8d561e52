"""Payments: attempts with providers, what came of them, refunds, events; each provider behind one interface."""
