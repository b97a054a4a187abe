"""Pages and data of the site, as plain values."""
