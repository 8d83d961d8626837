"""The portal's own packages: loyalty <- portal <- publish -> seal."""
