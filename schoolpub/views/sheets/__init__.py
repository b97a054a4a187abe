"""What is printed, as plain values."""
