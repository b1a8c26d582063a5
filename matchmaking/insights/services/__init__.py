"""What insights changes: quoted facts and targets, and plans of a market."""
