"""What one audience may see, as plain values: the only place that words, formats and sorts."""
