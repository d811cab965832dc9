"""docs/roles.md: what each preset may, made from the table of roles, and which operations each may call, from the matrix that was
looked at. `.venv/bin/python tools/roles.py` writes it; `tests/architecture/test_roles_page.py` fails when it is not what this would write.
"""

import csv
from collections import Counter
from pathlib import Path

from commissary import tenancy

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "roles.md"
MATRIX = ROOT / "tests" / "attack" / "matrix.csv"

HEAD = """# Roles and what they may 角色与权限

Made by `tools/roles.py` from the table of roles (`src/commissary/tenancy/roles.py`); do not write in it. A mall makes roles of its own out of the same
permissions ([console-api.md](console-api.md#roles-and-members-角色与成员)). Which operation a role may call, and with what status it is turned away, stands in
`tests/attack/matrix.csv`, which `make test T=tests/attack/test_matrix.py` holds the running server to.
"""


def page() -> str:
    roles, words = tenancy.ROLES, tenancy.permission_words()
    staff = [name for name, role in roles.items() if "mall" in role.kinds]
    partners = [name for name in roles if name not in staff]
    parts = [
        HEAD,
        "## The mall's own staff 商城员工\n",
        _table(staff, [w for w in words if not w.startswith("own.")]),
    ]
    parts += ["## Partners' people 合作方人员\n", "In their own organisation only.\n"]
    parts += [_table(partners, [w for w in words if w.startswith("own.")])]
    parts += ["## Operations of the console 后台接口\n", "How many of them each role may call.\n", _counts()]
    return "\n".join(parts)


def _table(roles: list[str], permissions: list[str]) -> str:
    words = tenancy.permission_words()
    named = [f"{tenancy.ROLES[name].zh} {tenancy.ROLES[name].en}" for name in roles]
    rows = [f"| permission | 权限 | | {' | '.join(named)} |", f"| --- | --- | --- |{' :-: |' * len(roles)}"]
    for permission in permissions:
        zh, en = words[permission]
        marks = ["●" if permission in tenancy.permissions_of(name) else "" for name in roles]
        rows.append(f"| `{permission}` | {zh} | {en} | {' | '.join(marks)} |")
    return "\n".join(rows) + "\n"


def _counts() -> str:
    with MATRIX.open(newline="") as file:
        found = list(csv.DictReader(file))
    counts: Counter[str] = Counter()
    for row in found:
        counts.update(role for role in tenancy.ROLES if row[role] == "yes")
    rows = ["| role | 角色 | of them |", "| --- | --- | --: |"]
    asked = [row for row in found if row["owner"] != "public"]
    rows += [f"| {r.en} | {r.zh} | {counts[name]} of {len(asked)} |" for name, r in tenancy.ROLES.items()]
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
