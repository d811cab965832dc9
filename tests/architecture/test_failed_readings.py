"""Whoever reads something for a screen looks at whether it failed: an empty list would say "there is none", which nobody knows then."""

import re

from .tree import ROOT

SOURCES = ROOT / "frontend/src"
# What is read beside the thing itself, and may be missing without anything false being said. By file and what it binds.
MAY_BE_MISSING = {
    "api/names.ts: { data }": "names: a row shows the number, a select says it by itself (ui/Pending.tsx)",
    "pages/distributor/team.tsx: { data }": "the same",
    "api/desk.ts: useQuery": "how the menu is arranged; without, it is as it always was",
    "api/session.ts: { data }": "the shell waits until it is known who one is",
    "app/shell.tsx: { data }": "the same",
    "app/login.tsx: { data }": "what else there is to sign in by",
    "app/live.ts: { data }": "a number beside the menu",
    "ui/TableFoot.tsx: { data }": "an exact count; without, the page's own",
    "ui/Views.tsx: { data }": "tabs over a list and how many match",
    "parts/ImportEnd.tsx: read": "how far a job is, which its upload tells as well",
    "parts/vault/Recall.tsx: { data }": "a job that begins a moment later",
    "parts/system/Installation.tsx: { data: ready }": "what cannot be asked is not ready",
    "parts/prices/PriceHistory.tsx: { data }": "a line in a chart",
    "parts/enterprise/requests.tsx: { data }": "names of goods; without, their numbers",
    "parts/prices/Guards.tsx: useTemplates": "names of templates; without, their numbers",
    "pages/money/trial.tsx: { data }": "a word beside the title of the page that says it in full",
    "parts/risk/of.ts: { data }": "names of rules; without, their numbers",
    "parts/OrderDetail.tsx: { data: sold }": "goods as they were sold: a part of the page, and names",
    "parts/MyOrder.tsx: { data: sold }": "the same",
}
READERS = (
    "useQuery",
    "useInfiniteQuery",
    "useDepartments",
    "useGoods",
    "useSold",
    "useTemplates",
    "useTrial",
)
READS = re.compile(rf"(?:const (\{{[^}}]*\}}|\w+) = )?\b({'|'.join(READERS)})(?:<[^(;]*>)?\(")
# Its failure is read, or it goes on: as a property, a value, one of several, or taken apart.
HANDED = r"\b{0}\.(?:error|isError)\b|=\{{{0}\}}|[:?] {0}\b(?![.?])|[\[{{,]\s*{0}\s*[,\]}}]|= {0};"


def sources() -> dict[str, str]:
    return {
        path.relative_to(SOURCES).as_posix(): path.read_text("utf-8")
        for path in sorted(SOURCES.rglob("*.ts*"))
        if ".test." not in path.name and path.suffix in (".ts", ".tsx")
    }


def blind(name: str, text: str) -> set[str]:
    """Readings whose failure nobody looks at. One that is handed on whole is for who gets it to look at."""
    found = set()
    for match in READS.finditer(text):
        bound, reader = match.groups()
        if not bound:
            if re.match(rf"{reader}\([^;{{]*\)\.data\b", text[match.start() :]):
                found.add(f"{name}: {reader}")
        elif bound.startswith("{"):
            if not re.search(r"\b(?:error|isError)\b", bound):
                found.add(f"{name}: {bound}")
        elif not re.search(HANDED.format(bound), text):
            found.add(f"{name}: {bound}")
    return found


def test_every_reading_shows_that_it_failed() -> None:
    found = {one for name, text in sources().items() for one in blind(name, text)}
    assert sorted(found - set(MAY_BE_MISSING)) == []
    assert sorted(set(MAY_BE_MISSING) - found) == [], "these are looked at by now"


def test_it_can_fail() -> None:
    assert blind("x", 'const { data } = useQuery({ queryKey: ["x"] });') == {"x: { data }"}
    assert blind("x", "const read = useQuery(x); <Small rows={read.data} />") == {"x: read"}
    assert not blind("x", "const read = useQuery(x); <Small of={read} rows={read.data} />")


def test_no_small_table_stands_for_a_reading_without_saying_so() -> None:
    """`rows={x?.items ?? []}`: nothing was read, and the table would say that there is none."""
    tables = {
        f"{name}: {table[:60]}"
        for name, text in sources().items()
        for table in re.findall(r"<Small\b(.*?)columns=", text, re.S)
        if re.search(r"\.(?:data|items)\b[^}]*\?\? \[\]", table) and " of={" not in table
    }
    assert tables == set()
