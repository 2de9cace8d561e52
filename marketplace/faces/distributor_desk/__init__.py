"""The distributor's desk: whose it is, what it says of itself, what comes next."""
