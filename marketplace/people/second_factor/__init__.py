"""The second step of signing in: a code from a person's own device, or one of ten codes kept on paper."""
