"""Writes of interest, by what they serve."""

from xingqu.interest.services.channels import make_channel_report, report_channels_if_due
from xingqu.interest.services.describe import describe_contents
from xingqu.interest.services.inspection import open_lookup, opened_lookup, preview_page, search_people
from xingqu.interest.services.learning import learn_from_log, publish_snapshot
from xingqu.interest.services.observe import observe, observe_batch, tell
from xingqu.interest.services.profile import (
    change_tag,
    delete_everything,
    forget_tag,
    merge_guest,
    set_followed,
    set_personalised,
)
from xingqu.interest.services.recommend import recommend, record_served, warm_up
from xingqu.interest.services.recovery import apply_unapplied, forget_old
from xingqu.interest.services.states import export_states, import_states
from xingqu.interest.services.training import lower_priority, run_trainings, train_if_due

__all__ = [
    "apply_unapplied",
    "change_tag",
    "delete_everything",
    "describe_contents",
    "export_states",
    "forget_old",
    "forget_tag",
    "import_states",
    "learn_from_log",
    "lower_priority",
    "make_channel_report",
    "merge_guest",
    "observe",
    "observe_batch",
    "open_lookup",
    "opened_lookup",
    "preview_page",
    "publish_snapshot",
    "recommend",
    "record_served",
    "report_channels_if_due",
    "run_trainings",
    "search_people",
    "set_followed",
    "set_personalised",
    "tell",
    "train_if_due",
    "warm_up",
]
