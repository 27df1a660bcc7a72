"""`make check` finds the tests of what changed."""

from pathlib import Path

from tests import check

TESTS = sorted(Path("tests").rglob("test_*.py"))
HERE = Path("tests/test_check.py")


def test_a_module_is_tested_by_what_imports_it() -> None:
    assert check.tests_of(Path("tests/check.py"), TESTS) == [HERE]


def test_a_test_is_its_own() -> None:
    assert check.tests_of(HERE, TESTS) == [HERE]


def test_another_file_is_tested_by_what_names_it() -> None:
    assert Path("tests/research/analysis/test_reference.py") in check.tests_of(
        Path("tests/data/lipset/lipset.csv"), TESTS
    )


def test_the_nearest_come_first_and_each_once() -> None:
    found = check.nearest_first([Path("tests/support/data.py"), Path("tests/check.py")], TESTS)

    assert found[0] == HERE
    assert len(found) == len(set(found))
