"""Every checker is proved: what is right is accepted, what is wrong is named."""
import pytest

from gdcourse.exercises import author
from gdcourse.exercises.prove import prove


@pytest.mark.parametrize("id", author.all_ids())
def test_every_exercise_is_proved(id):
    assert prove(author.load(id), seeds=3) == []
