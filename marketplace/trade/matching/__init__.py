"""Matching: which offers suit which demand, who is excluded by what, and a score that explains itself."""
