"""The ranking compiled: the same whole numbers as the plain form, cut short where that is safe."""
