"""Reading an expression: Python's parser makes the tree, our own walk lets pass what is named here and nothing else."""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Collection
from decimal import Decimal

from schoolpub.errors import say
from schoolpub.rules.expressions.tree import (
    EVERY_ROW,
    FUNCTIONS,
    OUTSIDE,
    Arithmetic,
    Call,
    Choices,
    Comparison,
    Expression,
    ExpressionError,
    Literal,
    Logic,
    Name,
    Negative,
    Node,
    Not,
    Path,
)

LONGEST = 400
"""Characters that an expression may have."""
DEEPEST = 40
"""Levels of brackets, signs and negations."""

_SIGNS: dict[type[ast.AST], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARISONS: dict[type[ast.AST], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
}
_NUMBER = re.compile(r"\d{1,15}(\.\d{1,10})?", re.ASCII)
_KEY = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_PIECES = re.compile(r"'[^']*'|\"[^\"]*\"|(?<![\w.])\d[\d.]*[A-Za-z_]\w*|(?:\.\s*)?[A-Za-z_]\w*|[^\x00-\x7f]", re.ASCII)
_MARK = "K_"
# Keys such as `from`, `for` and `class` are Python's own words: they are marked before its parser sees them.
_JOINING = frozenset({"and", "or", "not", "in"})
_FULL_WIDTH = str.maketrans("＋－×÷＝＜＞（），．：‘’“”［］", "+-*/=<>(),.:''\"\"[]")


def compile_expression(text: str, references: Collection[str] = ()) -> Expression:
    """Return the expression written as *text*; *references* are keys of fields that lead to other records."""
    if len(text) > LONGEST:
        raise ExpressionError(
            say("The expression has {length} characters; at most {most} are allowed.", length=len(text), most=LONGEST),
            fix=say("Split it into several rules."),
        )
    if not text.strip():
        raise ExpressionError(say("The expression is empty."))
    marked = _marked(text)
    try:
        body = ast.parse(marked.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ExpressionError(
            say("“{text}” is not an expression that can be read.", text=text),
            fix=say(
                "Use names, numbers, 'texts', + - * /, comparisons, and/or/not and the functions {names}.",
                names=", ".join(FUNCTIONS),
            ),
        ) from None
    tree = _Reader(marked.strip()).read(body, 0)
    names = frozenset(_names(tree))
    outside = any(path[0] in OUTSIDE or any(part in references for part in path[:-1]) for path in names)
    return Expression(text, names, outside, tree)


def _marked(text: str) -> str:
    """Return *text* with keys that are Python's own words marked; refuse what its parser would take amiss."""
    if bad := next((c for c in text if c in "\\\n\r\t\x00#;`"), None):
        raise ExpressionError(say("The character {character} does not belong in an expression.", character=repr(bad)))

    def mark(match: re.Match[str]) -> str:
        piece = match[0]
        if piece[0] in "'\"":
            return piece
        if piece[0].isdigit():
            raise ExpressionError(say("“{piece}” is neither a number nor a name.", piece=piece))
        if not piece.isascii():
            narrow = piece.translate(_FULL_WIDTH)
            fix = say("Write {narrow} instead.", narrow=narrow) if narrow != piece else None
            raise ExpressionError(
                say("The character {character} does not belong in an expression.", character=piece), fix=fix
            )
        after_dot, name = piece[0] == ".", piece.lstrip(". ")
        if keyword.iskeyword(name) and (after_dot or name not in _JOINING):
            return ("." if after_dot else "") + _MARK + name
        return piece

    return _PIECES.sub(mark, text)


class _Reader:
    """Turns Python's tree into ours and refuses every node that is not named here."""

    def __init__(self, source: str) -> None:
        self.source = source.encode()

    def read(self, node: ast.expr, depth: int) -> Node:
        if depth > DEEPEST:
            raise ExpressionError(say("The expression has more than {most} levels.", most=DEEPEST))
        below = depth + 1
        match node:
            case ast.Constant():
                return Literal(self.constant(node))
            case ast.Name(id="yes" | "no"):
                return Literal(node.id == "yes")
            case ast.Name() | ast.Attribute():
                return Name(self.path(node))
            case ast.UnaryOp(op=ast.USub()):
                return Negative(self.read(node.operand, below))
            case ast.UnaryOp(op=ast.UAdd()):
                return self.read(node.operand, below)
            case ast.UnaryOp(op=ast.Not()):
                return Not(self.read(node.operand, below))
            case ast.BinOp() if type(node.op) in _SIGNS:
                return Arithmetic(self.read(node.left, below), _SIGNS[type(node.op)], self.read(node.right, below))
            case ast.Compare():
                return self.comparison(node, below)
            case ast.BoolOp():
                word = "and" if isinstance(node.op, ast.And) else "or"
                return Logic(word, tuple(self.read(part, below) for part in node.values))
            case ast.Call(func=ast.Name()):
                return self.call(node, below)
        raise self.refused(node)

    def constant(self, node: ast.Constant) -> Decimal | str:
        if isinstance(node.value, str):
            return node.value
        written = self.text(node)
        if not _NUMBER.fullmatch(written):
            raise ExpressionError(
                say("“{written}” is not a number that an expression may hold.", written=written),
                fix=say("Write it with digits and a point, at most 15 digits before it and 10 after it."),
            )
        return Decimal(written)

    def path(self, node: ast.expr) -> Path:
        parts: list[str] = []
        inner = node
        while isinstance(inner, ast.Attribute):
            parts.append(inner.attr.removeprefix(_MARK))
            inner = inner.value
        if not isinstance(inner, ast.Name):
            raise self.refused(node)
        parts.append(inner.id.removeprefix(_MARK))
        path = tuple(reversed(parts))
        if len(path) > 5 or not all(_KEY.fullmatch(part) for part in path):
            raise ExpressionError(
                say("“{name}” is not a name of a field.", name=".".join(path)),
                fix=say("Names are the keys of fields: small letters, digits and _, joined by points."),
            )
        return path

    def comparison(self, node: ast.Compare, below: int) -> Node:
        rest: list[tuple[str, Node]] = []
        for sign, right in zip(node.ops, node.comparators, strict=True):
            word = _COMPARISONS.get(type(sign))
            if word is None:
                raise self.refused(node)
            if word.endswith("in"):
                if not isinstance(right, ast.List | ast.Tuple):
                    raise ExpressionError(
                        say("“in” needs a list at its right: {written}", written=self.text(node)),
                        fix=say("Write for example: method in ['询价', '自行']"),
                    )
                rest.append((word, Choices(tuple(self.read(member, below) for member in right.elts))))
            else:
                rest.append((word, self.read(right, below)))
        return Comparison(self.read(node.left, below), tuple(rest))

    def call(self, node: ast.Call, below: int) -> Node:
        assert isinstance(node.func, ast.Name)
        function = node.func.id.removeprefix(_MARK)
        if function not in FUNCTIONS:
            raise ExpressionError(
                say("There is no function “{function}”.", function=function),
                fix=say("The functions are: {names}.", names=", ".join(FUNCTIONS)),
            )
        least, most = FUNCTIONS[function]
        if node.keywords or not least <= len(node.args) <= most:
            raise ExpressionError(
                say("{function}() takes {least} to {most} values.", function=function, least=least, most=most)
            )
        arguments = tuple(self.read(argument, below) for argument in node.args)
        if function == "total":
            column = arguments[0]
            if not isinstance(column, Name) or len(column.path) > 2:
                raise ExpressionError(say("total() takes the key of a column: {written}", written=self.text(node)))
            if len(column.path) == 1 or column.path[0] == "row":
                arguments = (Name((EVERY_ROW, column.path[-1])),)
        return Call(function, arguments)

    def text(self, node: ast.expr) -> str:
        return self.source[node.col_offset : node.end_col_offset].decode().replace(_MARK, "")

    def refused(self, node: ast.expr) -> ExpressionError:
        return ExpressionError(
            say("“{part}” is not allowed in an expression.", part=self.text(node)),
            fix=say(
                "Use names, numbers, 'texts', + - * /, comparisons, and/or/not and the functions {names}.",
                names=", ".join(FUNCTIONS),
            ),
        )


def _names(node: Node) -> list[Path]:
    match node:
        case Literal():
            return []
        case Name():
            return [node.path]
        case Negative() | Not():
            return _names(node.inner)
        case Arithmetic():
            return _names(node.left) + _names(node.right)
        case Comparison():
            return _names(node.first) + [path for _, part in node.rest for path in _names(part)]
        case Choices():
            return [path for part in node.members for path in _names(part)]
        case Logic():
            return [path for part in node.parts for path in _names(part)]
        case Call():
            return [path for part in node.arguments for path in _names(part)]
