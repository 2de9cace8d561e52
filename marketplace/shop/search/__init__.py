"""Finding listings: an engine interface, Whoosh behind it, and the index that follows changes."""
