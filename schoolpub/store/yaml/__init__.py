"""YAML: read strictly, written one way."""
