"""docs/threat-model.md names the test of each row. A test that is renamed or gone is found here."""

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
DOCUMENT = TESTS.parent / "docs" / "threat-model.md"
SENTENCE = re.compile(r'@Test\(\s*"((?:[^"\\]|\\.)*)"')


def tables(text):
    """Each table as its header and rows."""
    header, rows = None, []
    for line in [*text.splitlines(), ""]:
        if not line.startswith("|"):
            if header:
                yield header, rows
            header, rows = None, []
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if header is None:
            header = cells
        elif not set(line) <= set("|-: "):
            rows.append(cells)


def names(path):
    """The tests of a file: pytest's functions or the sentences of @Test."""
    text = path.read_text()
    if path.suffix == ".py":
        return {node.name for node in ast.walk(ast.parse(text))
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test_")}
    return set(SENTENCE.findall(text))


def problem(reference):
    """What is wrong with a reference; None when it names a test."""
    file, _, name = reference.partition("::")
    path = TESTS / file
    if not path.is_file():
        return f"{reference}: there is no file Tests/{file}"
    if path.suffix == ".sql" and not name:
        return None
    if name not in names(path):
        return f"{reference}: Tests/{file} has no such test"
    return None


TEXT = DOCUMENT.read_text()
ROWS = [row for header, rows in tables(TEXT) if header[-1] == "test" for row in rows]


def test_the_tables_are_found():
    for header, rows in tables(TEXT):
        assert all(len(row) == len(header) for row in rows), [row for row in rows if len(row) != len(header)]
    assert len(ROWS) >= 60
    ids = [row[0] for row in ROWS]
    assert len(set(ids)) == len(ids), "ids come once"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_row_names_tests_that_exist(row):
    references = re.findall(r"`([^`]+)`", row[-1])
    assert references, f"{row[0]} names no test"
    rest = re.sub(r"`[^`]+`", "", row[-1])
    assert not rest.strip(" ,;"), f"{row[0]} has words beside its tests: {rest}"
    assert not (problems := [found for one in references if (found := problem(one))]), problems


@pytest.mark.parametrize("reference", [
    "EndToEnd/test_gone.py::test_x", "EndToEnd/test_tokens.py::test_gone", "EndToEnd/test_tokens.py",
    "Tokens/Verification/AttackTests.swift::each token gets its verdic", "Tokens/Verification/AttackTests.swift"])
def test_what_names_no_test_is_noticed(reference):
    assert problem(reference)
