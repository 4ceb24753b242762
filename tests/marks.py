"""Marks that tests share."""

import pytest

#: Real commits, for races and other processes; what migrations made is put back.
committed = pytest.mark.django_db(transaction=True, serialized_rollback=True)
