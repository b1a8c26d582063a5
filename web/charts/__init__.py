"""Charts drawn on the server as SVG: plain values in, marked-up text out. Colours come from classes, light and dark."""
