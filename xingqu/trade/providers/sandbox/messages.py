"""The line between the platform and the sandbox's gateway."""

from xingqu.kit.signed_messages import Line

PLATFORM, GATEWAY = "platform", "gateway"
LINE = Line("sandbox-pay", "X-Sandbox")
sign, verify = LINE.sign, LINE.verify
