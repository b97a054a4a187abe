"""Reading a whole history: commits, contents, records version by version, policy as it stood; other copies of it."""
