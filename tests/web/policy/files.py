"""A year's notice as it might be published: the days off of 2027, invented."""

import json

OFF = {"元旦": ["2027-01-01", "2027-01-02", "2027-01-03", "2027-01-04"], "春节": [f"2027-02-{day:02}" for day in range(5, 13)],
       "国庆节": [f"2027-10-{day:02}" for day in range(1, 8)]}  # fmt: skip
WORK = ["2027-01-09", "2027-01-31"]
NOTICE_TOML = "\n".join(
    ["year = 2027", 'source = "国务院办公厅关于2027年部分节假日安排的通知（虚构）"', f"work = [{', '.join(WORK)}]", "", "[off]",
     *(f'"{name}" = [{", ".join(days)}]' for name, days in OFF.items())]
)  # fmt: skip
NOTICE_JSON = json.dumps(
    {"year": 2027, "papers": ["https://www.gov.cn/zhengce/2027.htm"],
     "days": [*({"name": name, "date": day, "isOffDay": True} for name, days in OFF.items() for day in days),
              *({"name": "元旦", "date": day, "isOffDay": False} for day in WORK)]},
    ensure_ascii=False, indent=2,
)  # fmt: skip
