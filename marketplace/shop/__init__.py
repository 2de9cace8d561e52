"""Wing 4: the shop, from the listing to the delivered parcel."""
