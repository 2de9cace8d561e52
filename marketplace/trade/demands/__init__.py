"""Demands: what a distributor seeks, on which terms, and which of them it insists on."""
