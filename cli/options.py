"""Options that several commands have, said once: the fields of a dataclass.

    @app.command()
    @filled(reading=Reading, chosen=Chosen)
    def analyse(reading: Reading, chosen: Chosen, *, out: Out = None) -> None:

A field that typer is told of (`Annotated[..., typer.Option(...)]`) is an option of the command,
with the field's default; the command is called with the dataclass. What must be typed comes
first, then what is the command's own.
"""

from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, fields
from inspect import Parameter, Signature, signature
from typing import Any, TypeAlias, get_type_hints

from typer.models import ParameterInfo

_Command: TypeAlias = Callable[..., None]


def filled(**given: type[Any]) -> Callable[[_Command], _Command]:
    """Fills a command's parameters of these names with dataclasses of what was typed."""

    def decorate(command: _Command) -> _Command:
        own = signature(command, eval_str=True).parameters.values()
        asked = {name: [*_options(one)] for name, one in given.items()}
        shared = [each for options in asked.values() for each in options]
        in_order = [each for each in shared if each.default is Parameter.empty]
        in_order += [
            each.replace(kind=Parameter.KEYWORD_ONLY) for each in own if each.name not in given
        ]
        in_order += [each for each in shared if each.default is not Parameter.empty]

        def called(**typed: Any) -> None:
            made = {
                name: given[name](**{each.name: typed.pop(each.name) for each in options})
                for name, options in asked.items()
            }
            command(**made, **typed)

        called.__name__, called.__doc__ = command.__name__, command.__doc__
        called.__annotations__ = {each.name: each.annotation for each in in_order}
        called.__signature__ = Signature(in_order)  # type: ignore[attr-defined]  # what typer reads of a function
        return called

    return decorate


def _options(one: type[Any]) -> Iterator[Parameter]:
    """The fields that typer is told of, as parameters."""
    hints = get_type_hints(one, include_extras=True)
    for each in fields(one):
        if any(
            isinstance(said, ParameterInfo)
            for said in getattr(hints[each.name], "__metadata__", ())
        ):
            yield Parameter(
                each.name,
                Parameter.KEYWORD_ONLY,
                default=_default(each),
                annotation=hints[each.name],
            )


def _default(field: Field[Any]) -> Any:
    return Parameter.empty if field.default is MISSING else field.default
