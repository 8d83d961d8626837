"""The preflight: a print run is looked at once more before it goes to the printer."""
