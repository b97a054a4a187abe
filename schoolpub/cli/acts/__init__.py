"""Steps taken on records: judged, signed, committed, and told."""
