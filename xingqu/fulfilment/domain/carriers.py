"""Carriers as data, and the check of a tracking number, pure."""

import re
from dataclasses import dataclass

from xingqu.kit.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Carrier:
    """`tracking_pattern` is a regular expression that Python and JavaScript read alike, for upper-case numbers;
    `tracking_example` is a number that fits it."""

    code: str
    name: str
    name_en: str
    tracking_pattern: str
    tracking_example: str


OWN = "own"
CARRIERS: tuple[Carrier, ...] = (
    Carrier("sf", "顺丰速运", "SF Express", r"^SF[0-9]{12,13}$", "SF1234567890123"),
    Carrier("zto", "中通快递", "ZTO Express", r"^[0-9]{12,14}$", "78123456789012"),
    Carrier("yto", "圆通速递", "YTO Express", r"^YT[0-9]{13,15}$", "YT1234567890123"),
    Carrier("sto", "申通快递", "STO Express", r"^[0-9]{12,15}$", "773123456789012"),
    Carrier("yunda", "韵达快递", "Yunda Express", r"^[0-9]{13,15}$", "4312345678901"),
    Carrier("jt", "极兔速递", "J&T Express", r"^JT[0-9]{13}$", "JT1234567890123"),
    Carrier("jd", "京东物流", "JD Logistics", r"^JD[A-Z0-9]{11,18}$", "JD0123456789012"),
    Carrier("ems", "中国邮政EMS", "EMS China", r"^([A-Z]{2}[0-9]{9}CN|[0-9]{13})$", "EA123456789CN"),
    Carrier("deppon", "德邦快递", "Deppon Express", r"^DPK[0-9]{12}$", "DPK123456789012"),
    Carrier(OWN, "商家自配", "Merchant's own delivery", r"^[A-Z0-9][A-Z0-9-]{5,29}$", "OWN-0001"),
)
BY_CODE = {carrier.code: carrier for carrier in CARRIERS}


def check_tracking(carrier_code: str, tracking_no: str) -> str:
    """The number as it is kept: upper-case, without spaces. Raises InvalidInput for an unknown carrier or a wrong form."""
    carrier = BY_CODE.get(carrier_code)
    if carrier is None:
        raise InvalidInput("There is no such carrier.", field="carrier_code", expected=", ".join(BY_CODE))
    number = "".join(tracking_no.split()).upper()
    if not re.fullmatch(carrier.tracking_pattern, number):
        raise InvalidInput(
            f"This is no tracking number of {carrier.name_en}.",
            field="tracking_no",
            expected=carrier.tracking_pattern,
        )
    return number
