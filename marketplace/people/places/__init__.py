"""Administrative units in time: today's provinces and communes, and the former ones that certificates still name."""
