"""Reading an edition of the catalogue: the parts of it that `catalogue_file.read_edition` puts together."""
