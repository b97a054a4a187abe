"""Changes of policy and of the register of people, as acts of two persons."""
