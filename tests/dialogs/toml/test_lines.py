"""Every key of a TOML source is found on its line."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from dialogs.toml.lines import Path, lines_of

SOURCE = '''\
# a comment = 1
plain = 1.5
"quoted key" = "text with \\" and [ and #"  # and a comment
dotted . inner = 2030-12-31 12:00:00
multi = """
first "" and """""
literal = \'\'\'
a \'\' quote\'\'\'
after = [ 1,
  # between
  { deep = "a", er = [ [] ] },
]

[table]
-5 = 1
5 = 'single'

[table.inner]
key = true

[[many]]
id = "s1"
[[many.few]]
id = "x"

[[many]]
id = "s2"
[many.one]
nb = "b"
[[many.few]]
id = "y"
[[many.few]]
id = "z"
'''


def test_keys_are_found_where_they_stand() -> None:
    lines = lines_of(SOURCE)

    expected: dict[Path, int] = {
        (): 1,
        ("plain",): 2,
        ("quoted key",): 3,
        ("dotted",): 4,
        ("dotted", "inner"): 4,
        ("multi",): 5,
        ("literal",): 7,
        ("after",): 9,
        ("after", 0): 9,
        ("after", 1): 11,
        ("after", 1, "deep"): 11,
        ("after", 1, "er"): 11,
        ("after", 1, "er", 0): 11,
        ("table",): 14,
        ("table", "-5"): 15,
        ("table", "5"): 16,
        ("table", "inner"): 18,
        ("table", "inner", "key"): 19,
        ("many",): 21,
        ("many", 0): 21,
        ("many", 0, "id"): 22,
        ("many", 0, "few"): 23,
        ("many", 0, "few", 0): 23,
        ("many", 0, "few", 0, "id"): 24,
        ("many", 1): 26,
        ("many", 1, "id"): 27,
        ("many", 1, "one"): 28,
        ("many", 1, "one", "nb"): 29,
        ("many", 1, "few"): 30,
        ("many", 1, "few", 0): 30,
        ("many", 1, "few", 0, "id"): 31,
        ("many", 1, "few", 1): 32,
        ("many", 1, "few", 1, "id"): 33,
    }
    assert lines == expected


def leaves(value: object, path: Path = ()) -> set[Path]:
    if isinstance(value, dict) and value:
        return {leaf for key, one in value.items() for leaf in leaves(one, (*path, key))}
    if isinstance(value, list) and value:
        return {leaf for i, one in enumerate(value) for leaf in leaves(one, (*path, i))}
    return {path}


PIECES = st.sampled_from(
    [*SOURCE.splitlines(keepends=True), "\n", "\r\n", "x = {}\n", "[x.y]\n", "'[' = ''\n", "é", '"']
)


@given(st.lists(PIECES, max_size=25))
def test_whatever_tomllib_reads_is_found(pieces: list[str]) -> None:
    source = "".join(pieces)
    try:
        document = tomllib.loads(source)
    except tomllib.TOMLDecodeError:
        return

    assert leaves(document) <= set(lines_of(source)) | {()}
