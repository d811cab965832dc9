"""What the console's API can do, a person can do in the console: every operation is called by a page, or it says here why not."""

import re

from .test_failed_readings import SOURCES, sources

# Operations that no page calls, and why none should.
NO_SCREEN = {
    "addPerson": "somebody comes by an invitation, and chooses his own password",
    "deleteSku": "goods are taken off sale; only one that was never sold may go, by a program that tidies up",
    "exportFaults": "faults of importCodes; an upload gives its own",
    "fetchExport": "parts/JobActs.tsx does, by a path and a method that it hands on",
    "getBulkAct": "the job that does it tells how far it is",
    "getClock": "the sandbox says its time with the rest of it",
    "getExport": "the job that makes it tells how far it is",
    "getMyIntake": "the list of intakes has all of one",
    "getWorkLogForConsole": "the order's case has it",
    "importCodes": "a page uploads, looks and then imports; this does all at once, for programs",
    "listBulkActItems": "its result is a file",
    "listExports": "they are jobs, which the list of jobs has",
    "listMySupplierStatements": "days have what came of them",
    "listOrganisations": "buyers and suppliers have lists of their own",
    "placeMyOrders": "a page orders one cart; many orders are a file",
}

Call = tuple[str, str]
TEXT = r"\"[^\"\n]*\"|`[^`]*`"
PATH = re.compile(r"^(?:/console/v1|\{\})[^?]*")
# What a page sends without the typed client says its method beside the address, or is a GET.
BESIDE = re.compile(r"\"(POST|PUT|PATCH|DELETE)\"")


def operations(schema: str) -> dict[Call, str]:
    """Method and path (its parameters as `{}`) → the operation's name, as the document has them."""
    found: dict[Call, str] = {}
    path = ""
    for line in schema[: schema.index("export interface components")].splitlines():
        if opened := re.match(r'    "(/[^"]+)": \{', line):
            path = re.sub(r"\{\w+\}", "{}", opened[1])
        elif verb := re.match(r'        (\w+): operations\["(\w+)"\]', line):
            found[verb[1].upper(), path] = verb[2]
    return found


def calls(text: str) -> set[Call]:
    """Method and path of what a source calls. A variable within a path is `{}`, also where it is the beginning."""
    known = {
        name: value.strip('"`')
        for name, value in re.findall(rf"const (\w+)(?: = |: \w+ = |.*=> )({TEXT})", text)
        if value.strip('"`').startswith("/console/v1")
    }
    found = set()
    for match in re.finditer(rf"(\bapi\.([A-Z]+)\(\s*)?({TEXT})", text):
        _, method, literal = match.groups()
        path = re.sub(
            r"\$\{(\w+)(?:\([^)]*\))?[^}]*\}", lambda one: known.get(one[1], "{}"), literal.strip('"`')
        )
        if plain := PATH.match(re.sub(r"\$?\{[^}]*\}", "{}", path)):
            beside = BESIDE.findall(text[match.end() : match.end() + 120])
            for verb in [method] if method else ["GET", *beside]:
                found.add((verb, plain[0]))
    return found


def meets(call: Call, operation: Call) -> bool:
    """Whether a call may be of an operation: `{}` stands for a piece, or at the beginning for who asks."""
    if call[0] != operation[0]:
        return False
    path = re.sub(r"^\{\}", "/console/v1(own)?", call[1])
    path = re.sub(r"(?<=\w)\{\}$", "(end)?", re.sub(r"/\{\}(?=\w)", "/(own/)?", path))
    pieces = {"(own)?": "(?:/own)?", "(own/)?": "(?:own/)?", "(end)?": "(?:/[^/]+)?", "{}": "[^/]+"}
    shape = re.split(r"(\(own\)\?|\(own/\)\?|\(end\)\?|\{\})", path)
    return bool(re.fullmatch("".join(pieces.get(one, re.escape(one)) for one in shape), operation[1]))


def unseen(schema: str, texts: dict[str, str]) -> set[str]:
    """Names of the operations that none of the sources calls."""
    made = {call for text in texts.values() for call in calls(text)}
    return {
        name
        for operation, name in operations(schema).items()
        if operation not in made and not any("{}" in call[1] and meets(call, operation) for call in made)
    }


def test_every_operation_has_a_screen() -> None:
    schema = (SOURCES / "api/schema.d.ts").read_text("utf-8")
    texts = {name: text for name, text in sources().items() if name != "api/schema.d.ts"}
    found = unseen(schema, texts)
    assert sorted(found - set(NO_SCREEN)) == []
    assert sorted(set(NO_SCREEN) - found) == [], "these have a screen by now, or are gone"


def test_it_can_fail() -> None:
    schema = """
    "/console/v1/tiers/{tier_id}": {
        put: operations["editTier"];
        delete: operations["dropTier"];
    };
    "/console/v1/own/calls/{call_id}": {
        get: operations["getMyCall"];
    };
export interface components"""
    edits = 'got(api.PUT("/console/v1/tiers/{tier_id}", { params, body }))'
    assert unseen(schema, {"x": edits}) == {"dropTier", "getMyCall"}
    assert unseen(schema, {"x": edits, "y": "ask(`${root}/calls/${id}`)"}) == {"dropTier"}
    assert "editTier" in unseen(schema, {"x": 'api.GET("/console/v1/tiers")'})
