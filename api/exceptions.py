"""Errors of services as problem documents."""
