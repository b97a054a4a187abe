"""Is what git holds explained by permitted acts?  Judgements over values that the store read from the history."""
