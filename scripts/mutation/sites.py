"""Finds the places of a C++ source at which a slip can be planted, with libclang's syntax tree.

A site is a range of the file's bytes and what stands there instead while its switch is on. Left out: what a macro expands to,
what is evaluated by the compiler (a switch at run time cannot reach it), static_asserts and template arguments, what stands
after DDPSIM_MUTANT (the compiler drops it), and descriptions of settings.
"""
import dataclasses
import hashlib
import re
import subprocess

import clang.cindex as clang
from clang.cindex import CursorKind as Kind

RELATIONS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="}
ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*", "%": "/", "<<": ">>", ">>": "<<", "&": "|", "|": "&", "^": "&"}
LOGIC = {"&&": "||", "||": "&&"}
COMPOUND = {"+=": "-=", "-=": "+=", "*=": "=", "/=": "=", "|=": "&=", "&=": "|=", "<<=": ">>=", ">>=": "<<=", "^=": "|="}
STATEMENTS = {Kind.CALL_EXPR, Kind.BINARY_OPERATOR, Kind.COMPOUND_ASSIGNMENT_OPERATOR, Kind.UNARY_OPERATOR,
              Kind.UNEXPOSED_EXPR}
CONSTANT = {Kind.STATIC_ASSERT, Kind.ENUM_CONSTANT_DECL, Kind.TEMPLATE_TYPE_PARAMETER, Kind.TEMPLATE_NON_TYPE_PARAMETER}


@dataclasses.dataclass(frozen=True)
class Site:
    file: str       # relative to the root
    begin: int      # bytes
    end: int
    line: int
    kind: str       # relation, arithmetic, logic, negation, constant, bound, field, dropped, charge, sign
    original: str
    planted: str    # text instead; "" for a statement that is dropped
    function: str
    occurrence: int = 0  # among those of the same words in the same function

    @property
    def name(self):
        """The same for the same slip in the same place, wherever the lines around it move."""
        text = "\0".join((self.file, self.function, self.kind, self.original, self.planted, str(self.occurrence)))
        return hashlib.sha256(text.encode()).hexdigest()[:10]

    @property
    def is_statement(self):
        return self.kind in ("dropped", "charge")

    def words(self):
        return f"{' '.join(self.original.split())} -> {' '.join(self.planted.split()) or 'nothing'}"


def compiler_flags(root):
    packages = subprocess.run(["pkg-config", "--cflags", "systemc", "libisal"], capture_output=True, text=True).stdout.split()
    return ["-x", "c++", "-std=c++17", f"-I{root}/include", f"-I{root}", *packages]


def macro_calls(data):
    """Ranges of calls of macros, which are written in capitals here: SIM_CHECK(...)."""
    ranges = []
    for match in re.finditer(rb"\b[A-Z][A-Z0-9_]{3,}\(", data):
        depth, at = 1, match.end()
        while depth > 0 and at < len(data):
            depth += {ord("("): 1, ord(")"): -1}.get(data[at], 0)
            at += 1
        ranges.append((match.start(), at))
    return ranges


class SiteFinder:
    def __init__(self, root, file, flags):
        self.root, self.file = root, file
        path = str(root / file)
        self.data = (root / file).read_bytes()
        self.unit = clang.Index.create().parse(path, args=flags)
        self.macros = macro_calls(self.data)
        self.sites = []
        for cursor in self.unit.cursor.get_children():
            if self.here(cursor):
                self.walk(cursor, "")

    def here(self, cursor):
        where = cursor.location.file
        return where is not None and where.name == str(self.root / self.file)

    def text(self, begin, end):
        return self.data[begin:end].decode()

    @staticmethod
    def span(cursor):
        return cursor.extent.start.offset, cursor.extent.end.offset

    def walk(self, cursor, function):
        if cursor.kind in CONSTANT or self.is_constexpr(cursor) or cursor.spelling == "Describe":
            return
        if cursor.kind in (Kind.CXX_METHOD, Kind.FUNCTION_DECL, Kind.CONSTRUCTOR, Kind.FUNCTION_TEMPLATE, Kind.DESTRUCTOR):
            function = cursor.spelling
        if function and not self.in_macro(cursor):
            self.look(cursor, function)
        children = list(cursor.get_children())
        for index, child in enumerate(children):
            if cursor.kind == Kind.COMPOUND_STMT and child.kind in STATEMENTS:
                self.statement(child, function)
            if cursor.kind == Kind.CASE_STMT and index == 0:
                continue  # the label
            if cursor.kind in (Kind.IF_STMT, Kind.CONDITIONAL_OPERATOR) and index == 1 and \
                    self.text(*self.span(children[0])).startswith("DDPSIM_MUTANT"):
                continue
            self.walk(child, function)

    @staticmethod
    def is_constexpr(cursor):
        if cursor.kind != Kind.VAR_DECL:
            return False
        for token in cursor.get_tokens():
            if token.spelling == "constexpr":
                return True
            if token.spelling == cursor.spelling:
                return False
        return False

    def in_macro(self, cursor):
        begin, end = self.span(cursor)
        return any(begin < e and b < end for b, e in self.macros)

    def look(self, cursor, function):
        kind = cursor.kind
        if kind == Kind.BINARY_OPERATOR:
            self.binary(cursor, function)
        elif kind == Kind.COMPOUND_ASSIGNMENT_OPERATOR:
            self.operator(cursor, function, COMPOUND, "arithmetic")
        elif kind == Kind.INTEGER_LITERAL:
            self.literal(cursor, function)
        elif kind == Kind.CXX_BOOL_LITERAL_EXPR:
            begin, end = self.span(cursor)
            old = self.text(begin, end)
            if old in ("true", "false"):
                self.add(cursor, function, "constant", "false" if old == "true" else "true")
        elif kind == Kind.DECL_REF_EXPR:
            self.named_constant(cursor, function)
        elif kind == Kind.MEMBER_REF_EXPR:
            self.field(cursor, function)
        elif kind == Kind.CALL_EXPR and cursor.spelling in ("min", "max"):
            self.bound(cursor, function)
        elif kind == Kind.IF_STMT:
            self.condition(cursor, function)
        elif kind == Kind.RETURN_STMT:
            self.returned(cursor, function)
        elif kind == Kind.UNARY_OPERATOR:
            begin, end = self.span(cursor)
            old = self.text(begin, end)
            if old.startswith("-"):
                self.add(cursor, function, "sign", old[1:])

    def add(self, cursor, function, kind, planted):
        begin, end = self.span(cursor)
        if end > begin:
            self.sites.append(Site(self.file, begin, end, cursor.extent.start.line, kind, self.text(begin, end), planted,
                                   function))

    def operator_token(self, cursor):
        children = list(cursor.get_children())
        if len(children) != 2:
            return None
        after, before = children[0].extent.end.offset, children[1].extent.start.offset
        for token in cursor.get_tokens():
            if after <= token.extent.start.offset < before and token.spelling not in ("(", ")"):
                return token
        return None

    def operator(self, cursor, function, table, kind):
        token = self.operator_token(cursor)
        if token is None or token.spelling not in table:
            return
        begin, end = self.span(cursor)
        at, to = token.extent.start.offset, token.extent.end.offset
        self.add(cursor, function, kind, self.text(begin, at) + table[token.spelling] + self.text(to, end))

    def binary(self, cursor, function):
        self.operator(cursor, function, RELATIONS, "relation")
        self.operator(cursor, function, ARITHMETIC, "arithmetic")
        self.operator(cursor, function, LOGIC, "logic")

    def literal(self, cursor, function):
        begin, end = self.span(cursor)
        old = self.text(begin, end)
        self.add(cursor, function, "constant", f"{old} + 1")

    def named_constant(self, cursor, function):
        target = cursor.referenced
        if target is None or target.kind != Kind.VAR_DECL or not target.spelling.startswith("k") or not self.is_constexpr(target):
            return
        begin, end = self.span(cursor)
        old = self.text(begin, end)
        spelling = target.type.get_canonical().spelling
        if spelling.endswith("SimTime"):
            self.add(cursor, function, "constant", f"{old} + {old}")
        elif target.type.get_canonical().kind.name in ("INT", "UINT", "LONG", "ULONG", "USHORT", "UCHAR", "LONGLONG", "DOUBLE"):
            self.add(cursor, function, "constant", f"{old} + 1")

    def field(self, cursor, function):
        target = cursor.referenced
        if target is None or target.kind != Kind.FIELD_DECL:
            return
        siblings = [c for c in target.semantic_parent.get_children()
                    if c.kind == Kind.FIELD_DECL and c.type.spelling == target.type.spelling]
        if len(siblings) < 2 or cursor.type.get_canonical().kind.name == "RECORD":
            return
        index = next((i for i, c in enumerate(siblings) if c.spelling == target.spelling), None)
        if index is None:
            return
        other = siblings[(index + 1) % len(siblings)].spelling
        begin, end = self.span(cursor)
        old = self.text(begin, end)
        if old.endswith(target.spelling):
            self.add(cursor, function, "field", old[:len(old) - len(target.spelling)] + other)

    def bound(self, cursor, function):
        begin, end = self.span(cursor)
        old = self.text(begin, end)
        for name, other in (("std::min", "std::max"), ("std::max", "std::min")):
            if old.startswith(name):
                self.add(cursor, function, "bound", other + old[len(name):])

    def condition(self, cursor, function):
        children = list(cursor.get_children())
        if children and children[0].kind not in (Kind.VAR_DECL, Kind.DECL_STMT) and len(children) >= 2 and \
                children[0].kind != Kind.BINARY_OPERATOR and not self.in_macro(children[0]):
            begin, end = self.span(children[0])
            self.add(children[0], function, "negation", f"!({self.text(begin, end)})")

    def returned(self, cursor, function):
        for child in cursor.get_children():
            if child.type.get_canonical().spelling == "bool" and not self.in_macro(child):
                begin, end = self.span(child)
                self.add(child, function, "negation", f"!({self.text(begin, end)})")

    def statement(self, cursor, function):
        begin, end = self.span(cursor)
        if not function or self.in_macro(cursor) or self.data[end:end + 1] != b";":
            return
        old = self.text(begin, end)
        if ".Charge(" in old and old.rstrip().startswith(old.split(".Charge(")[0]):
            self.sites.append(Site(self.file, begin, end, cursor.extent.start.line, "charge", old, "", function))
        else:
            self.sites.append(Site(self.file, begin, end, cursor.extent.start.line, "dropped", old, "", function))


def sites_of(root, file, flags):
    """All sites of one file, in order. Errors of the parse are the caller's business: the tree is what clang could make."""
    found = SiteFinder(root, file, flags).sites
    unique = {(s.begin, s.end, s.kind, s.planted): s for s in found}
    sites, seen = [], {}
    for site in sorted(unique.values(), key=lambda s: (s.begin, s.end, s.kind, s.planted)):
        words = (site.function, site.kind, site.original, site.planted)
        seen[words] = seen.get(words, -1) + 1
        sites.append(dataclasses.replace(site, occurrence=seen[words]))
    return sites
