"""Private files: one for equal bytes, or one for each row that deletes its own."""

from pathlib import Path

import pytest

from xingqu.kit.private_files import drop_private, keep_private, keep_private_once, open_private


def test_equal_bytes_are_kept_once_or_each_for_itself(home: Path) -> None:
    assert keep_private(folder="shops/1", data=b"A", suffix=".webp") == keep_private(
        folder="shops/1", data=b"A", suffix=".webp"
    )
    first, second = (keep_private_once(folder="evidence/202611", data=b"A", suffix=".webp") for _ in range(2))
    drop_private(first)
    drop_private(first)
    with open_private(second) as file:
        assert file.read() == b"A"
    with pytest.raises(FileNotFoundError):
        open_private(first)
    assert sorted(path.suffix for path in home.rglob("*") if path.is_file()) == [".webp", ".webp"]
