"""Stand-ins of the services we speak to, each a program of its own that tests and the development server start."""
