"""Flask glue: request id and log, access, errors, forms, language, templates, response headers."""
