"""From text to a tree of YAML nodes: scalars stay as written, and nothing in the text can make it grow."""

from typing import Any, Final

import yaml
from yaml.composer import Composer
from yaml.resolver import Resolver

from scoring.standard_file.problems import InvalidStandard, Problem

MAX_BYTES: Final = 512 * 1024
"""Some forty times the longest published standard; beyond it the file is something else."""
MAX_DEPTH: Final = 32
"""Nesting past this is no standard; the composer calls itself once a level."""

PLAIN_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
"""What, written without quotes, means that nothing is said. Everything else is a word or a number."""

_DEFAULT_TAGS: Final = {
    yaml.ScalarNode: "tag:yaml.org,2002:str",
    yaml.SequenceNode: "tag:yaml.org,2002:seq",
    yaml.MappingNode: "tag:yaml.org,2002:map",
}


class _Refused(yaml.MarkedYAMLError):
    """Legal YAML that a standard may not use; the text is the Chinese message."""


class _Words(Composer):
    """Composes nodes only, resolves no scalar, follows no alias, and stops at MAX_DEPTH."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, Any]]] = {}
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Compose one node, refusing aliases, tags and deep nesting before they cost anything."""
        parser: Any = self
        mark = parser.peek_event().start_mark
        if parser.check_event(yaml.AliasEvent):
            raise _Refused(problem="积分标准文件不用别名（*），请把内容写全。", problem_mark=mark)
        if self.depth >= MAX_DEPTH:
            raise _Refused(problem=f"层次太深，最多 {MAX_DEPTH} 层。", problem_mark=mark)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        if node is not None and node.tag != _DEFAULT_TAGS[type(node)]:
            raise _Refused(problem=f"积分标准文件不用类型标记「{node.tag[:60]}」。", problem_mark=mark)
        return node


class _Plain(_Words, yaml.SafeLoader):
    """Scans in Python: the one that says what is wrong, and the only one where libyaml is missing."""


_LOADERS: list[type[_Words]] = [_Plain]
if yaml.__with_libyaml__:
    from yaml.cyaml import CParser  # type: ignore[attr-defined]

    class _Swift(_Words, CParser, Resolver):
        """Scans twenty times as fast; what it refuses is scanned again for the reason."""

        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)
            Composer.__init__(self)
            Resolver.__init__(self)

    _LOADERS.insert(0, _Swift)


def _composed(text: str) -> yaml.Node | None:
    for kind in _LOADERS:
        try:
            loader: Any = kind(text)  # type: ignore[call-arg]
            try:
                node: yaml.Node | None = loader.get_single_node()
            finally:
                loader.dispose()
        except (yaml.YAMLError, ValueError, OverflowError):
            if kind is _LOADERS[-1]:
                raise
        else:
            return node
    raise AssertionError


def compose(text: str) -> yaml.Node:
    """Return the root node of the one document in `text`; raises InvalidStandard."""
    try:
        node = _composed(text)
    except _Refused as refusal:
        raise InvalidStandard([Problem(_line(refusal.problem_mark), "", str(refusal.problem))]) from refusal
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = "这里不合 YAML 的写法，请看缩进、冒号、引号和括号是否成对。"
        raise InvalidStandard([Problem(_line(mark), "", said)]) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise InvalidStandard([Problem(line, "", "这里有不能使用的控制字符。")]) from error
    except (ValueError, OverflowError) as error:
        # An escape such as \UFFFFFFFF, or a %YAML line with a huge version, stops PyYAML itself.
        raise InvalidStandard([Problem(1, "", "有读不出的字符或转义写法。")]) from error
    if node is None:
        raise InvalidStandard([Problem(1, "", "文件里没有内容。")])
    return node


def line_of(node: yaml.Node) -> int:
    """Return the line a node starts on, from 1."""
    return _line(node.start_mark)


def is_null(node: yaml.Node) -> bool:
    """Say whether the node says nothing: a plain `null` or `~`, or no character at all."""
    if not isinstance(node, yaml.ScalarNode):
        return False
    return not node.value or (not node.style and node.value in PLAIN_NULLS)


def _line(mark: yaml.Mark | None) -> int:
    return 1 if mark is None else int(mark.line) + 1
