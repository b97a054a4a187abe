"""Packages for the archive: folders by BagIt (RFC 8493), written and checked."""
