"""Starts real clusters for fire drills. The agent records, the coordinator judges, the harness starts processes."""
