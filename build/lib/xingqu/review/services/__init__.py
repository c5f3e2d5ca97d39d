"""Writes of reviews."""

from xingqu.review.services.pictures import add_picture, sweep_pictures
from xingqu.review.services.writing import LineReview, reply_to_review, write_reviews

__all__ = ["LineReview", "add_picture", "reply_to_review", "sweep_pictures", "write_reviews"]
