"""Commands about dates: what is owed, and when."""
