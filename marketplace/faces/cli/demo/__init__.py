"""The demonstration province: real product kinds, invented firms and people, dates relative to the day of loading."""
