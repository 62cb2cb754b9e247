"""A second, slow and obvious judge of histories: spec in the project's history contract, nothing shared with the C++ judge."""
