"""Spreadsheets: reading what schools have, within bounds, and writing sheets to be filled in.

The one home of openpyxl (which writes) and python-calamine (which reads the old `.xls`).  `.xlsx` and `.ods` are read
event by event from their XML: one pass tells the value as it is stored, the format it is shown in, whether a formula
was ever computed and what is hidden, and a file that declares a million rows costs nothing.
"""
