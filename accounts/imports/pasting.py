"""What was copied from a spreadsheet and pasted as text: its separator, and a head for rows that came without one."""

from collections.abc import Sequence

from accounts.imports.columns import Column
from accounts.imports.reading import separator_of


def with_head(text: str, columns: Sequence[Column]) -> tuple[bytes, bool]:
    """``text`` as a file, and whether the head of ``columns`` was put before it, since its first row names none."""
    lines = text.strip("\r\n")
    first = lines.split("\n", 1)[0]
    mark = separator_of(first)
    names = {name for column in columns for name in column.names()}
    is_headless = not names & {cell.strip().strip('"').casefold() for cell in first.split(mark)}
    head = f"{mark.join(column.column_name for column in columns)}\n" if is_headless else ""
    return f"{head}{lines}".encode(), is_headless
