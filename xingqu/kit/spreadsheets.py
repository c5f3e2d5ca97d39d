"""Spreadsheet files written and read row by row, so that a large one needs no more memory than a small one.

openpyxl is loaded by the functions that need it: it would cost every process a fifth of a second at its start.
"""

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import IO

from xingqu.kit.errors import InvalidInput, TooLarge

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_ROWS = 1_048_576  # of a sheet, by the format
BLOCK_BYTES = 64 * 1024
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
Cell = str | int | float | datetime | date | None


class BadSheet(InvalidInput):
    """The file is no spreadsheet that can be read."""

    code = "bad_file"
    message = "The file can't be read."


def guard_cell(text: str) -> str:
    """A cell that spreadsheets show as text: what would start a formula gets an apostrophe before it."""
    return f"'{text}" if text[:1] in FORMULA_STARTS else text


def csv_stream(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Lines of a CSV file that begins with a byte order mark for Excel; texts are guarded against formulas."""
    yield "\ufeff"
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([guard_cell(value) if isinstance(value, str) else _plain(value) for value in row])
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def xlsx_stream(rows: Iterable[Sequence[Cell]], *, title: str = "Sheet1") -> Iterator[bytes]:
    """Blocks of an XLSX file of one sheet. Texts are written as texts, so that none of them can be a formula.

    The rows go to a temporary file as they come; the archive is sent from there. Rows beyond the format's limit are left out.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for number, row in enumerate(rows):
        if number == MAX_ROWS:
            break
        sheet.append([_cell(sheet, value) for value in row])
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while block := file.read(BLOCK_BYTES):
            yield block


def xlsx_lines(file: IO[bytes], *, max_unpacked_bytes: int) -> Iterator[bytes]:
    """The first sheet's rows as lines of CSV, one a row: what reads CSV reads it, with the same line numbers.

    Raises BadSheet for what is no XLSX file, TooLarge for one that unpacks to more than `max_unpacked_bytes`.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(file) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > max_unpacked_bytes:
            raise TooLarge(field="file", expected=f"at most {max_unpacked_bytes} bytes unpacked")
        book = load_workbook(file, read_only=True, data_only=True)
        for row in book.worksheets[0].iter_rows(values_only=True):
            out = io.StringIO()
            csv.writer(out, lineterminator="\n").writerow([_text(value) for value in row])
            yield out.getvalue().encode("utf-8", "surrogateescape")
    except TooLarge:
        raise
    except (zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, OSError, EOFError) as error:
        raise BadSheet(field="file", expected="a whole .xlsx file") from error


def _cell(sheet: object, value: Cell) -> object:
    if not isinstance(value, str):
        return _plain(value)
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=None)
    # Set by hand: openpyxl would take a text that begins with = for a formula.
    cell._value, cell.data_type = _printable(value), "s"
    return cell


def _plain(value: Cell) -> Cell:
    """Times as text with their zone: a spreadsheet's own times have none."""
    return value.isoformat() if isinstance(value, (datetime, date)) else value


def _printable(text: str) -> str:
    """Without what XML can't hold, and no longer than a cell may be."""
    return "".join(c for c in text if c >= " " or c in "\t\n\r")[:32_767]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        # A parcel's number that a spreadsheet took for one is a number of up to 15 digits.
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.12g}"
    return " ".join(str(value).split())
