"""What is written into spreadsheets, as plain values."""
