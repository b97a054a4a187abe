"""The small language of the catalogue's rules: read with Python's parser, walked by our own code.

An expression can neither loop nor read anything: it knows names, numbers, 'texts', four operations, comparisons and
the functions of `FUNCTIONS`.  What a name stands for is the affair of the `Scope` that the judge hands in.
"""

from schoolpub.rules.expressions.evaluation import evaluate
from schoolpub.rules.expressions.reader import LONGEST, compile_expression
from schoolpub.rules.expressions.tree import (
    EVERY_ROW,
    FUNCTIONS,
    OUTSIDE,
    CellWord,
    Days,
    Expression,
    ExpressionError,
    Given,
    Path,
    Scope,
    Single,
    written,
)
from schoolpub.rules.expressions.wording import chinese_names, in_words, row_names

__all__ = [
    "EVERY_ROW",
    "FUNCTIONS",
    "LONGEST",
    "OUTSIDE",
    "CellWord",
    "Days",
    "Expression",
    "ExpressionError",
    "Given",
    "Path",
    "Scope",
    "Single",
    "chinese_names",
    "compile_expression",
    "evaluate",
    "in_words",
    "row_names",
    "written",
]
