"""Blows of every kind to commands of every kind, and whether the school is whole afterwards."""
