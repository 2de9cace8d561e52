"""The council's table: what a member scores, and nothing else."""
