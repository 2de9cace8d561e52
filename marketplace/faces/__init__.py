"""Wing 7: pages, API and commands that gather several features."""
