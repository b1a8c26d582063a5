"""The picture in the documents is drawn from the table of moves; run this file to draw it again."""

from pathlib import Path

from matchmaking.partnerships.choices import MOVES, Act, By, State

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "state-machine.md"
HEAD = """# How a partnership moves

Drawn from `MOVES` in `matchmaking/partnerships/choices.py`; a test compares. Why it is so:
`docs/decisions/0060-partnership-state-machine.md`.

"""
WHO = {
    By.ASKER: "who declared interest",
    By.ASKED: "who was asked",
    By.EITHER: "either side",
    By.NEED: "the side that needs",
    By.CAPACITY: "the side that supplies",
    By.PLATFORM: "the platform",
}


def drawn() -> str:
    """The document as the table gives it: a Mermaid diagram, and the same as a table."""
    moves = [(state, act, move) for (state, act), move in MOVES.items() if move.to != state]
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {State.SUGGESTED}"]
    lines += [f"    {state} --> {move.to}: {act} ({move.by})" for state, act, move in moves]
    lines += [f"    {State.COMPLETED} --> [*]", f"    {State.FAILED} --> [*]", "```", ""]
    lines += ["| from | act | to | by |", "| --- | --- | --- | --- |"]
    lines += [f"| {state} | {act} | {move.to} | {WHO[move.by]} |" for state, act, move in moves]
    lines += ["", "Acts that change no state:", "", "| act | in | by |", "| --- | --- | --- |"]
    staying: dict[tuple[Act, By], list[str]] = {}
    for (state, act), move in MOVES.items():
        if move.to == state:
            staying.setdefault((act, move.by), []).append(state)
    lines += [f"| {act} | {', '.join(states)} | {WHO[by]} |" for (act, by), states in staying.items()]
    return HEAD + "\n".join(lines) + "\n"


def test_the_picture_agrees_with_the_table():
    assert DOCUMENT.read_text(encoding="utf-8") == drawn()


if __name__ == "__main__":
    DOCUMENT.write_text(drawn(), encoding="utf-8")
