"""`dataclass`, as the standard library has it, at a tenth of its price.

The standard library writes half a dozen functions for every dataclass and compiles each: half a millisecond a class,
and listing a few records takes a hundred classes.  Here all classes share the functions that compare, hash and show
their values, and `__init__` is compiled when the first value is made.  `frozen`, `slots` and `kw_only` mean what they
mean there, and `dataclasses.replace` and `fields` take these values; inheriting from a dataclass is not supported.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
    from dataclasses import field as field
else:
    field = dataclasses.field

    def dataclass(cls=None, /, *, frozen=False, slots=False, kw_only=False):
        """Make a dataclass of *cls*, or return the decorator that does."""

        def make(cls: type) -> type:
            return _made(cls, frozen=frozen, slots=slots, kw_only=kw_only)

        return make if cls is None else make(cls)


def _made(cls: type, *, frozen: bool, slots: bool, kw_only: bool) -> type:
    names = tuple(cls.__annotations__)
    given = {name: cls.__dict__[name] for name in names if name in cls.__dict__}
    if slots:
        space = {key: value for key, value in cls.__dict__.items() if key not in (*given, "__dict__", "__weakref__")}
        made = type(cls)(cls.__name__, cls.__bases__, {**space, "__slots__": names})
        made.__qualname__ = cls.__qualname__
    else:
        made = cls
        for name, value in given.items():
            if isinstance(value, dataclasses.Field):
                delattr(made, name)
    methods = _methods(made, names, given, frozen=frozen)
    methods["__init__"] = _first_init(made, names, given, frozen=frozen, slots=slots, kw_only=kw_only)
    methods["__match_args__"] = () if kw_only else names
    methods["__dataclass_fields__"] = _Fields(names, given, kw_only)
    for name, method in methods.items():
        if name not in cls.__dict__ or (name == "__hash__" and cls.__dict__[name] is None):
            setattr(made, name, method)
    return made


def _methods(cls: type, names: tuple[str, ...], given: dict[str, Any], *, frozen: bool) -> dict[str, Any]:
    """Return the methods that compare, hash, show and guard a value."""
    told = [name for name in names if getattr(given.get(name), "repr", True) is not False]
    compared = [name for name in names if getattr(given.get(name), "compare", True) is not False]
    get: Callable[[Any], Any] = attrgetter(*compared) if compared else lambda _: ()

    def __eq__(self: Any, other: object) -> bool:
        return bool(get(self) == get(other)) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: Any) -> int:
        return hash(get(self))

    def __repr__(self: Any) -> str:
        return f"{cls.__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in told)})"

    methods: dict[str, Any] = {"__eq__": __eq__, "__repr__": __repr__, "__hash__": __hash__ if frozen else None}
    if frozen:
        methods |= {"__setattr__": _set, "__delattr__": _delete, "__setstate__": _restore}
    return methods


def _set(_self: object, name: str, _value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _delete(_self: object, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _restore(self: object, state: Any) -> None:
    """Take over what another process sent."""
    for part in state if isinstance(state, tuple) else (state,):
        for name, value in (part or {}).items():
            object.__setattr__(self, name, value)


def _first_init(
    cls: type, names: tuple[str, ...], given: dict[str, Any], *, frozen: bool, slots: bool, kw_only: bool
) -> Callable[..., None]:
    def __init__(self: object, *values: Any, **named: Any) -> None:
        init = _init(cls, names, given, frozen=frozen, slots=slots, kw_only=kw_only)
        cls.__init__ = init  # type: ignore[misc]
        init(self, *values, **named)

    return __init__


def _init(
    cls: type, names: tuple[str, ...], given: dict[str, Any], *, frozen: bool, slots: bool, kw_only: bool
) -> Callable[..., None]:
    """Return the function that fills a new value."""
    space: dict[str, Any] = {"_put": object.__setattr__, "_missing": dataclasses.MISSING}
    parameters, lines = [], []
    for name in names:
        value, parameter = name, name
        default: Any = given.get(name, dataclasses.MISSING)
        factory: Any = dataclasses.MISSING
        if isinstance(default, dataclasses.Field):
            default, factory = default.default, default.default_factory
        if factory is not dataclasses.MISSING:
            space[f"_new_{name}"] = factory
            value, parameter = f"_new_{name}() if {name} is _missing else {name}", f"{name}=_missing"
        elif default is not dataclasses.MISSING:
            space[f"_default_{name}"] = default
            parameter = f"{name}=_default_{name}"
        if getattr(given.get(name), "init", True) is False:
            value = f"_new_{name}()"
        else:
            parameters.append(parameter)
        if slots:
            space[f"_set_{name}"] = cls.__dict__[name].__set__
            lines.append(f" _set_{name}(self, {value})")
        else:
            lines.append(f" _put(self, {name!r}, {value})" if frozen else f" self.{name} = {value}")
    head = ", ".join(["self", *(["*"] if kw_only and names else []), *parameters])
    exec(f"def __init__({head}):\n" + ("\n".join(lines) or " pass"), space)
    init: Callable[..., None] = space["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    return init


class _Fields:
    """What `dataclasses.fields` and `replace` ask for; made when they do, by the standard library."""

    def __init__(self, names: tuple[str, ...], given: dict[str, Any], kw_only: bool) -> None:
        self._told = names, given, kw_only

    def __get__(self, value: object, owner: Any) -> Any:
        names, given, kw_only = self._told
        namespace = {**given, "__annotations__": dict.fromkeys(names, "object")}
        twin: Any = dataclasses.dataclass(kw_only=kw_only, repr=False, eq=False)(type(owner.__name__, (), namespace))
        owner.__dataclass_fields__ = twin.__dataclass_fields__
        return twin.__dataclass_fields__
