"""The commands, one module for each group that shares its arguments; imported when they are called."""
