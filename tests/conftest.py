"""Tests on clusters take longest, so they begin first: several workers then end together."""

import pytest

CLUSTERS = {"new_cluster", "kafka_cluster"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not CLUSTERS & set(getattr(item, "fixturenames", ())))
