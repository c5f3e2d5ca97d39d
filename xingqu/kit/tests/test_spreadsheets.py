"""Spreadsheet files: no formulas, read back as written, and nothing that is no spreadsheet gets through."""

import io
import os
import subprocess
import sys
import zipfile
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook

from xingqu.kit.errors import TooLarge
from xingqu.kit.spreadsheets import BadSheet, csv_stream, xlsx_lines, xlsx_stream

ROWS = [
    ["name", "price", "at"],
    ['=HYPERLINK("http://x")', 899, datetime(2026, 11, 2, 3, 4, tzinfo=UTC)],
    ["+1", None, "-a"],
    ["茶，\n杯", 1.5, "@b\x00"],
]


def written() -> io.BytesIO:
    return io.BytesIO(b"".join(xlsx_stream(ROWS, title="orders")))


def test_csv_begins_with_a_mark_and_holds_no_formula() -> None:
    text = "".join(csv_stream(ROWS))
    assert text.startswith("\ufeffname,price,at\r\n")
    assert '"\'=HYPERLINK(""http://x"")",899,2026-11-02T03:04:00+00:00\r\n' in text
    assert "'+1,,'-a\r\n" in text


def test_an_xlsx_cell_is_never_a_formula() -> None:
    cells = [cell for row in load_workbook(written())["orders"].iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if isinstance(cell.value, str)] == ["s"] * 9
    assert cells[3].value == '=HYPERLINK("http://x")'
    assert (cells[4].value, cells[4].data_type) == (899, "n")
    assert cells[11].value == "@b"


def test_an_xlsx_is_read_as_csv_lines() -> None:
    lines = list(xlsx_lines(written(), max_unpacked_bytes=10**6))
    assert lines[0] == b"name,price,at\n"
    assert lines[3].decode() == "茶， 杯,1.5,@b\n"


@pytest.mark.parametrize("content", [b"", b"name,price\n", b"PK\x03\x04 not an archive"])
def test_what_is_no_spreadsheet_is_refused(content: bytes) -> None:
    with pytest.raises(BadSheet):
        list(xlsx_lines(io.BytesIO(content), max_unpacked_bytes=10**6))


def test_another_archive_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "b")
    with pytest.raises(BadSheet):
        list(xlsx_lines(file, max_unpacked_bytes=10**6))


def test_an_archive_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 2_000_000)
    assert len(file.getvalue()) < 10_000
    with pytest.raises(TooLarge):
        list(xlsx_lines(file, max_unpacked_bytes=10**6))


def test_the_platform_starts_without_the_spreadsheet_library() -> None:
    """It is loaded by the first file that is asked for: a fifth of a second that no process waits for at its start."""
    asked = (
        "import django, sys; django.setup(); import xingqu.config.urls, xingqu.config.periodic, xingqu.config.subscriptions;"
        " print('openpyxl' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "xingqu.config.settings"},
    )
    assert done.stdout.strip().splitlines()[-1] == "False"
