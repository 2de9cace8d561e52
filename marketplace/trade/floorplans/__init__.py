"""A fair's floor plan: halls, booths with what they offer, what stands between; every saved plan is kept."""
