"""Plain values of the engine: what goes in (rows), what is computed on (columns), what comes out (results)."""
