"""Triggers, arguments and attributes of events; clusters across articles."""
