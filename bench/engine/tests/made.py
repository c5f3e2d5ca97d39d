"""A made matrix of planted tastes, for tests that need no data."""

import numpy as np

from bench.engine.kuairec import Matrix
from xingqu.engine.learn.item_tags import ItemTags

GROUPS = 6


def made_matrix(people: int = 360, log_people: int = 300, videos: int = 240, *, tags: bool = False) -> Matrix:
    """Videos of six groups, each liked by half of the people of its group and by hardly anybody else."""
    rng = np.random.default_rng(5)
    group = np.arange(videos) % GROUPS

    def answers(count: int) -> np.ndarray:
        chance = np.where(np.arange(count)[:, None] % GROUPS == group, 0.5, 0.02)
        return rng.random((count, videos)) < chance

    person, video = np.nonzero(answers(log_people))
    ids = 1_000 + np.arange(videos)
    told = {int(video): [int(of)] for video, of in zip(ids, group, strict=True)} if tags else {}
    return Matrix(ids, answers(people), person, ids[video], ItemTags.of(ids, told), group)
