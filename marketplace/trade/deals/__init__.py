"""One road between a distributor and a producer: talk, quotations, meetings, samples, papers, deliveries."""
