"""Support given to producers: subsidies, training, packaging, tests; by which programme, how much, with what result."""
