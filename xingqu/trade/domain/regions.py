"""Provinces, cities and districts: reference data, frozen, read once from the packaged file (litemall, MIT; see NOTICE)."""

import csv
import gzip
import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

PROVINCE, CITY, DISTRICT = 1, 2, 3
UNNAMED_CITIES = ("市辖区", "县")


@dataclass(frozen=True, slots=True)
class Region:
    """`level` is 1 province, 2 city, 3 district; `parent_id` is 0 for a province; `code` is the state's division code."""

    id: int
    parent_id: int
    name: str
    level: int
    code: str


@cache
def regions() -> dict[int, Region]:
    """All regions by id."""
    packed = files("xingqu.trade").joinpath("data/regions.csv.gz").read_bytes()
    rows = csv.DictReader(io.StringIO(gzip.decompress(packed).decode()))
    return {
        int(row["region_id"]): Region(
            int(row["region_id"]), int(row["parent_id"]), row["name"], int(row["level"]), row["code"]
        )
        for row in rows
    }


@cache
def children_of(parent_id: int) -> tuple[Region, ...]:
    """Regions right below one, in the file's order; the provinces for 0."""
    return tuple(region for region in regions().values() if region.parent_id == parent_id)


def path_of(province_id: int, city_id: int, district_id: int) -> tuple[Region, Region, Region] | None:
    """The three regions when they lie in each other, else None."""
    table = regions()
    province, city, district = table.get(province_id), table.get(city_id), table.get(district_id)
    if province is None or city is None or district is None:
        return None
    if province.level != PROVINCE or city.parent_id != province.id or district.parent_id != city.id:
        return None
    return province, city, district


def path_named(text: str) -> tuple[Region, Region, Region] | None:
    """The three regions that a text names one after the other (``浙江省杭州市余杭区``), else None. Spaces and strokes between
    them do not matter; the city of a municipality (市辖区) may be left out."""
    plain = "".join(sign for sign in text if not sign.isspace() and sign not in "/-,，")
    for province in children_of(0):
        if not plain.startswith(province.name):
            continue
        after = plain.removeprefix(province.name)
        for city in children_of(province.id):
            rests = [after.removeprefix(city.name)] if after.startswith(city.name) else []
            if city.name in UNNAMED_CITIES:
                rests.append(after)
            for district in children_of(city.id):
                if district.name in rests:
                    return province, city, district
    return None
