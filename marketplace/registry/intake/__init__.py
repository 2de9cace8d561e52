"""Certificates brought in by file: a row read, the whole file planned against the register, written in one block."""
