"""People, the organisations they act for, roles, and sign-ins as rows."""
