"""The programme: a year's plan, how its targets stand, what sells, and the rows behind every figure."""
