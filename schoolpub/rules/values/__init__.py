"""A record's `fields` read by its item: text becomes dates, exact numbers, tables; every mistake becomes a problem."""

from schoolpub.rules.values.kinds import (
    Document,
    Hours,
    InWords,
    Matrix,
    MatrixRow,
    Number,
    Part,
    Range,
    Row,
    Section,
    Table,
    Telephone,
    Value,
    Votes,
    Word,
)
from schoolpub.rules.values.numbers import NUMBER_TYPES
from schoolpub.rules.values.reader import RESTRICTED, SCALAR_TYPES, Reading, read_fields, read_scalar, read_values

__all__ = [
    "NUMBER_TYPES",
    "RESTRICTED",
    "SCALAR_TYPES",
    "Document",
    "Hours",
    "InWords",
    "Matrix",
    "MatrixRow",
    "Number",
    "Part",
    "Range",
    "Reading",
    "Row",
    "Section",
    "Table",
    "Telephone",
    "Value",
    "Votes",
    "Word",
    "read_fields",
    "read_scalar",
    "read_values",
]
