"""From what a clerk has (answers, files, spreadsheets) to a draft."""
