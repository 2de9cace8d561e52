"""Files kept beside the database: where they lie, how a picture comes in, how it goes out."""
