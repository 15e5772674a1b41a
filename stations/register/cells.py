"""What clerks write into the cells of a list of people, and what is meant by it."""

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal

from portal.accounts import mobile_number
from portal.spreadsheets.reading import squeezed
from stations.models import MandateTag

SPLIT = re.compile(r"[\s,，、;；]+")
TAG = re.compile(r"[a-z0-9_-]{1,40}")
SEXES = {"男": "男", "女": "女", "男性": "男", "女性": "女"}
NATION = re.compile(r"[\u3400-\u9fff]{1,20}")
# What stands in a name: Han and other letters, the dot of names that were put into Chinese.
NOT_IN_NAMES = re.compile(r"[^\w·•.\-]|[\d_]")
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?")
DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})?")
MIDNIGHT = re.compile(r"T?0{1,2}:00(:00)?$")
SERIAL = re.compile(r"[1-5]\d{4}")  # a day of 1927 to 2064 that lost its format: days since 1899-12-30
SCIENCE = re.compile(r"(\d)(?:\.(\d+))?[eE]\+?(\d{1,2})")
EITHER = "|"  # after 2026.1 that a spreadsheet kept as a number: it may have been typed as 2026.10


class Unclear(ValueError):
    """A cell cannot be taken; the message says what to write instead."""


def sex_of(text: str) -> str:
    """Return 男 or 女. Raises Unclear."""
    if not text:
        raise Unclear("请填写“男”或“女”。")
    sex = SEXES.get(squeezed(text))
    if not sex:
        raise Unclear(f"“{text[:20]}”认不出来，请填“男”或“女”。")
    return sex


def name_of(name: str, longest: int) -> str:
    """Return a name that clean_name has made; raises Unclear for one that is none."""
    if not name:
        raise Unclear("请填写姓名，或删去这一行。")
    odd = NOT_IN_NAMES.search(name)
    if odd:
        raise Unclear(f"“{name[:20]}”里有“{odd[0]}”，这一格请只写姓名。")
    if len(name) > longest:
        raise Unclear(f"最多 {longest} 个字，现在有 {len(name)} 个，请核对。")
    return name


def nation_of(text: str) -> str:
    """Return the nation as it is stored: 汉 and 汉族 are 汉族. Raises Unclear."""
    nation = squeezed(text)
    if not NATION.fullmatch(nation):
        raise Unclear(f"“{text[:20]}”认不出来，请写成“汉族”这样。")
    return nation if nation.endswith(("族", "人")) else f"{nation}族"


def phone_of(text: str) -> str:
    """Return the 11 digits of a mobile number, also where a spreadsheet took it for a figure. Raises Unclear."""
    plain = squeezed(text).strip("'’‘`")
    science = SCIENCE.fullmatch(plain)
    if science:
        # 1.38E+10 has lost its last digits, 1.3800138000E+10 has not.
        if len(science[2] or "") < int(science[3]):
            raise Unclear(
                f"“{plain[:20]}”是科学计数，后几位数字已经丢了。请把这一列设成“文本”格式，重新填写。"
            )
        plain = str(int(Decimal(plain)))
    number = mobile_number(re.sub(r"\.0+$", "", plain))
    if not number:
        raise Unclear(f"“{text[:30]}”不是手机号，请填一个 11 位的手机号，没有就空着。")
    return number


def day_of(text: str) -> tuple[date, bool]:
    """Return (day, whether the day was told): of 2026年1月 the first, and False. Raises Unclear."""
    plain = re.sub(r"[—–−]", "-", squeezed(text))
    if plain.endswith(EITHER):
        raise Unclear(f"“{plain[:-1]}”分不出是 1 月还是 10 月，请写成 2026-01 这样。")
    if SERIAL.fullmatch(plain):
        return date(1899, 12, 30) + timedelta(days=int(plain)), True
    plain = MIDNIGHT.sub("", plain)
    found = DAY.fullmatch(plain) or DIGITS.fullmatch(plain)
    if not found:
        raise Unclear(f"“{text[:20]}”读不懂，请写成 2026-01-05。")
    year, month, day = found.groups()
    try:
        return date(int(year), int(month), int(day or 1)), bool(day)
    except ValueError as wrong:
        raise Unclear(f"没有“{text[:20]}”这一天，请核对。") from wrong


def tags_of(text: str) -> list[str]:
    """Return the codes of a mandate, sorted; those with a name in Chinese may be called by it. Raises Unclear."""
    codes = {word: code for code, word in MandateTag.WORDS.items()}
    words = {word for word in SPLIT.split(unicodedata.normalize("NFKC", text)) if word}
    tags = sorted({codes.get(word, word) for word in words})
    wrong = next((tag for tag in tags if not TAG.fullmatch(tag)), "")
    if wrong:
        known = "、".join(codes)
        raise Unclear(f"“{wrong[:20]}”不是标签，请写{known}，或积分标准用到的标签代码；没有就空着。")
    return tags
