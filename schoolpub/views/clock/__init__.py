"""What is due, and the working of dates, in words."""
