"""The Chinese catalogue of our own texts: collected from the sources, checked, compiled; no gettext programs needed."""
