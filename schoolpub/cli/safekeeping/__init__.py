"""Second copies, packages, several offices, and whether this machine is ready."""
