"""The line between the platform and the sandbox's bank."""

from xingqu.kit.signed_messages import Line

PLATFORM, BANK = "platform", "bank"
LINE = Line("sandbox-bank", "X-Bank")
sign, verify = LINE.sign, LINE.verify
