"""Commands that change who may do what: people, keys, handovers, policy."""
