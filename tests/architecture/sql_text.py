"""Reads SQL as tokens, as far as it takes to say which tables a text writes.

Comments vanish; string literals and dollar-quoted bodies become tokens of their own, so that a word inside them is
never taken for a statement; bodies and literals are then read in their turn (PL/pgSQL, `execute '…'`).
"""

import re
from dataclasses import dataclass, replace

_TOKEN = re.compile(
    r"""
    (?P<comment> --[^\n]* | /\* )
  | (?P<body>    \$(?P<tag>[A-Za-z_]\w*)?\$ (?P<inside>.*?) \$(?P=tag)?\$ )
  | (?P<escaped> \b[eE]'(?:[^'\\]|\\.|'')*' )
  | (?P<text>    '(?:[^']|'')*' )
  | (?P<quoted>  "(?:[^"]|"")*" )
  | (?P<hole>    %\(\w+\)s | %[sIL] | \{[^{}]*\} | \$\d+ )
  | (?P<word>    [^\W\d]\w* )
  | (?P<mark>    \d[\w.]* | \S )
    """,
    re.VERBOSE | re.DOTALL,
)

HOLE = "\N{WHITE SQUARE}"  # a place that is filled at run time


@dataclass(frozen=True)
class Token:
    kind: str  # word | name (quoted) | text | body | mark | hole
    text: str
    line: int


@dataclass(frozen=True)
class Write:
    """`table` is as written, lower case: `stock.lot`; a part that is filled at run time is HOLE."""

    verb: str
    table: str
    line: int
    function: str | None = None  # the SQL function whose body this is in

    @property
    def schema(self) -> str | None:
        return self.table.rpartition(".")[0] or None


def tokens(sql: str, line: int = 1) -> list[Token]:
    found: list[Token] = []
    at = 0
    while match := _TOKEN.search(sql, at):
        line += sql.count("\n", at, match.start())
        at = match.end()
        kind, text = match.lastgroup or "", match.group()
        if text == "/*":
            at = _end_of_comment(sql, at)
        elif match["body"] is not None:
            found.append(Token("body", match["inside"], line))
        elif match["text"] is not None or match["escaped"] is not None:
            found.append(Token("text", text[text.index("'") + 1 : -1].replace("''", "'"), line))
        elif match["quoted"] is not None:
            found.append(Token("name", text[1:-1].replace('""', '"'), line))
        elif match["hole"] is not None:
            found.append(Token("hole", HOLE, line))
        elif match["word"] is not None:
            found.append(Token("word", text.lower(), line))
        elif kind != "comment":
            found.append(Token("mark", text, line))
        line += sql.count("\n", match.start(), at)
    return found


def _end_of_comment(sql: str, at: int) -> int:
    """PostgreSQL's block comments nest."""
    depth = 1
    for match in re.compile(r"/\*|\*/").finditer(sql, at):
        depth += 1 if match.group() == "/*" else -1
        if depth == 0:
            return match.end()
    return len(sql)


def writes(sql: str, line: int = 1, function: str | None = None) -> list[Write]:
    """Every INSERT, UPDATE, DELETE, TRUNCATE, MERGE and COPY FROM, and every CREATE, ALTER and DROP of an object."""
    found = []
    stream = tokens(sql, line)
    current = function
    for at, token in enumerate(stream):
        if token.kind == "body":
            found += writes(token.text, token.line, current)
            current = function
        elif token.kind == "text":
            found += writes(token.text, token.line, current)
        elif token.kind == "word":
            cursor = Cursor(stream, at)
            if made := _creates(cursor):
                found.append(made)
                if made.verb.endswith((" function", " procedure")) and made.verb.startswith("create"):
                    current = made.table
            elif table := _written(cursor):
                found.append(Write(token.text, table, token.line, current))
    return [replace(write, function=function) if function else write for write in found]


class Cursor:
    """A place in the stream, and questions about what follows it."""

    def __init__(self, stream: list[Token], at: int) -> None:
        self.stream, self.at = stream, at

    def peek(self, ahead: int = 0) -> Token | None:
        at = self.at + ahead
        return self.stream[at] if 0 <= at < len(self.stream) else None

    def word(self, *words: str) -> str | None:
        """Steps over one of these words."""
        token = self.peek()
        if token and token.kind == "word" and token.text in words:
            self.at += 1
            return token.text
        return None

    def mark(self, *marks: str) -> str | None:
        token = self.peek()
        if token and token.kind == "mark" and token.text in marks:
            self.at += 1
            return token.text
        return None

    def name(self) -> str | None:
        """Steps over `table`, `schema.table`, `"Schema".table` or a hole."""
        parts = []
        while True:
            token = self.peek()
            if not token or token.kind not in ("word", "name", "hole"):
                return None
            parts.append(token.text)
            self.at += 1
            if not self.mark("."):
                return ".".join(parts)

    def ends(self) -> bool:
        token = self.peek()
        return token is None or (token.kind == "mark" and token.text in ";)")

    def any_word(self) -> str | None:
        token = self.peek()
        if token and token.kind in ("word", "name"):
            self.at += 1
            return token.text
        return None


def _written(here: Cursor) -> str | None:
    """The table that the statement beginning here writes; None when it is no writing statement.

    What follows the name is checked too, because the same words stand in `for update`, `on conflict do update set`,
    `grant update`, `on update cascade`, `policy … for insert`, and in English.
    """
    if here.word("insert"):
        if not here.word("into") or not (table := here.name()):
            return None
        if here.word("as"):
            here.any_word()
        return table if here.mark("(") or here.word(*_AFTER_INSERT) else None
    if here.word("update"):
        here.word("only")
        token = here.peek()
        if (token and token.kind == "word" and token.text in ("set", "of")) or not (table := here.name()):
            return None
        here.mark("*")
        if here.word("set"):
            return table
        here.word("as")
        return table if here.any_word() and here.word("set") else None
    if here.word("delete"):
        if not here.word("from"):
            return None
        here.word("only")
        table = here.name()
        here.mark("*")
        if not table or here.ends() or here.word("where", "using", "returning"):
            return table
        here.word("as")
        return (
            table if here.any_word() and (here.ends() or here.word("where", "using", "returning")) else None
        )
    if here.word("truncate"):
        here.word("table")
        here.word("only")
        table = here.name()
        return (
            table if table and (here.ends() or here.mark(",", "*") or here.word(*_AFTER_TRUNCATE)) else None
        )
    if here.word("merge"):
        if not here.word("into"):
            return None
        here.word("only")
        table = here.name()
        if here.word("as") or not here.word("using"):
            here.any_word()
            return table if here.word("using") else None
        return table
    if here.word("copy"):
        table = here.name()
        if here.mark("("):
            while here.peek() and not here.mark(")"):
                here.at += 1
        return table if table and here.word("from") else None
    return None


_AFTER_INSERT = ("values", "select", "default", "table", "with", "overriding")
_AFTER_TRUNCATE = ("cascade", "restrict", "restart", "continue")
_OBJECTS = ("table", "view", "function", "procedure", "type", "domain", "index", "policy", "trigger")


def _creates(here: Cursor) -> Write | None:
    """`create table stock.lot`, `alter table …`, `create policy mall on stock.lot`: the object, or what it sits on."""
    line = here.peek().line  # type: ignore[union-attr]
    verb = here.word("create", "alter", "drop")
    if not verb:
        return None
    if here.word("or"):
        here.word("replace")
    while here.word("unique", "materialized", "unlogged", "constraint", "foreign"):
        pass
    what = here.word(*_OBJECTS)
    if not what:
        return None
    here.word("concurrently")
    if here.word("if"):
        here.word("not")
        here.word("exists")
    here.word("only")
    sits_on_a_table = what in ("policy", "trigger") or (what == "index" and verb == "create")
    if sits_on_a_table:
        while (token := here.peek()) and not (token.kind == "word" and token.text == "on"):
            if here.ends():
                return None
            here.at += 1
        here.at += 1
        here.word("only")
    table = here.name()
    return Write(f"{verb} {what}", table, line) if table else None
