"""Who stands in which booth: an optimiser that keeps hard needs, explains each placing, and what it cannot do."""
