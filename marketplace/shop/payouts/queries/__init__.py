"""Reading money that goes on."""
