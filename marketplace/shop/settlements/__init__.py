"""What providers pay out: their books kept line by line, payouts and carriers' cash found on the bank's statement."""
