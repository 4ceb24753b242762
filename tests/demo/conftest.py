"""The year that the tests of each module look at."""

from tests.demo.a_year import year

__all__ = ["year"]
