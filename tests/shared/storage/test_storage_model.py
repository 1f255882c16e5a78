"""Any sequence of sealing, keeping, switching, shredding and sweeping, compared with a plain dictionary."""

from __future__ import annotations

import secrets
from collections import defaultdict
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infotrust.core.vaulting import KeyUnavailable
from infotrust.shared.storage import queries, services

pytestmark = pytest.mark.django_db
ROOMS = ("inbox", "quarantine")
which = st.integers(0, 5)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("seal"), st.sampled_from(ROOMS), st.binary(max_size=20)),
        st.tuples(st.just("keep"), which),
        st.tuples(st.just("let go"), which),
        st.tuples(st.just("switch"), st.sampled_from(ROOMS), st.sets(which)),
        st.tuples(st.just("shred"), st.sets(which, min_size=1)),
        st.tuples(st.just("sweep")),
    ),
    max_size=25,
)


class Naive:
    """What storage promises, in dictionaries: `sealed` waits to be kept, `kept` has a key, `current` is seen."""

    def __init__(self) -> None:
        self.table = secrets.token_hex(4)
        self.sealed: list = []
        self.kept: dict = {}
        self.room: dict = {}
        self.current: dict = defaultdict(list)
        self.destroyed: dict = {}

    def pick(self, things, numbers):
        return [thing for number, thing in enumerate(things) if number in numbers]


def play(naive: Naive, step: tuple) -> None:
    match step:
        case ("seal", room, content):
            naive.sealed.append((services.seal_chunks(room, naive.table, [content]), content))
        case ("keep", number) if number < len(naive.sealed):
            sealed, content = naive.sealed.pop(number)
            naive.kept[services.keep(sealed)] = content
            sealed.hold.release()  # what the commit does
        case ("let go", number) if number < len(naive.sealed):
            naive.sealed.pop(number)[0].hold.release()
        case ("switch", room, numbers):
            parts = naive.pick([part for part in naive.kept if part.room == room], numbers)
            services.switch(room, naive.table, parts)
            naive.current[room] = parts
        case ("shred", numbers):
            for part in (parts := naive.pick(naive.kept, numbers)):
                naive.destroyed[part] = naive.kept.pop(part)
            if parts:
                services.shred(parts, reason="test", by=None)
                naive.current = {room: [p for p in now if p not in parts] for room, now in naive.current.items()}
                naive.current = defaultdict(list, naive.current)
        case ("sweep",):
            services.sweep(timedelta(0))
            files = {path.name for room in ROOMS for path in queries.room_folder(room).glob("*")}
            expected = {f"{part.pk}.sealed" for part in naive.kept} | {s.path.name for s, _ in naive.sealed}
            assert expected <= files
            assert not files & {f"{part.pk}.sealed" for part in naive.destroyed}


def compare(naive: Naive) -> None:
    for room in ROOMS:
        seen = {part.pk: b"".join(services.open_chunks(part)) for part in services.current_parts(room, naive.table)}
        assert seen == {part.pk: naive.kept[part] for part in naive.current[room]}
        hidden = {part for part in naive.kept if part.room == room} - set(naive.current[room])
        assert set(services.superseded_parts(room, naive.table)) == hidden
    for part in naive.destroyed:
        part.refresh_from_db()
        with pytest.raises(KeyUnavailable):
            queries.data_key(part)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(story=steps)
def test_storage_does_what_a_dictionary_would(story):
    naive = Naive()
    for step in story:
        play(naive, step)
        compare(naive)
