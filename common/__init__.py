"""The shared vocabulary: values, reasons, errors and abstract models."""
