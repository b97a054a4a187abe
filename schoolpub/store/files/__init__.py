"""Each kind of file in a school's folder."""
