"""Money that goes on: to producers in batches, from carriers, to the State; what was delivered and is given back."""
