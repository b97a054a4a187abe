"""Commands that take steps of a flow."""
