"""Writes of reviews."""

from xingqu.review.services.cases import appeal, decide_case, make_statement, report_review, run_due_cases
from xingqu.review.services.follow_up import follow_up
from xingqu.review.services.opinions import analyse_all, analyse_review, train_if_due, train_sentiment
from xingqu.review.services.pictures import add_picture, sweep_pictures
from xingqu.review.services.replying import (
    BatchReply,
    delete_reply,
    edit_reply,
    reply_batch,
    reply_to_review,
    save_reply,
)
from xingqu.review.services.rules import set_rules
from xingqu.review.services.voting import take_vote_back, vote_helpful
from xingqu.review.services.writing import LineReview, expect_review, give_defaults, write_reviews

__all__ = [
    "BatchReply",
    "LineReview",
    "add_picture",
    "analyse_all",
    "analyse_review",
    "appeal",
    "decide_case",
    "delete_reply",
    "edit_reply",
    "expect_review",
    "follow_up",
    "give_defaults",
    "make_statement",
    "reply_batch",
    "reply_to_review",
    "report_review",
    "run_due_cases",
    "save_reply",
    "set_rules",
    "sweep_pictures",
    "take_vote_back",
    "train_if_due",
    "train_sentiment",
    "vote_helpful",
    "write_reviews",
]
