"""What the rows of a spreadsheet mean for an item of the catalogue; pure functions of cells and names."""
