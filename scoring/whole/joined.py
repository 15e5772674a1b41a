"""An aggregate: the columns of all rows of a group as one text, so that a person's records come as one row."""

from typing import Any, ClassVar

from django.db.models import Aggregate, TextField

ROW, COLUMN = "\x1e", "\x1f"  # the separators ASCII has for this: no word of a record holds them
FUNCTIONS = {"sqlite": "GROUP_CONCAT", "postgresql": "STRING_AGG"}


class Joined(Aggregate):
    """`Joined("a", "b")`: "a␟b␞a␟b"; the columns may not be null. The order of the rows is not defined."""

    name = "Joined"
    arity = None
    output_field: ClassVar[TextField[str, str]] = TextField()

    def as_sql(  # type: ignore[override]  # the template words of Func have no use here
        self, compiler: Any, connection: Any, **extra: Any
    ) -> tuple[str, tuple[Any, ...]]:
        """Return the text of the database at hand; Django itself knows no such aggregate for both."""
        columns = [compiler.compile(expression) for expression in self.get_source_expressions() if expression]
        joined = " || %s || ".join(sql for sql, _ in columns)
        params: list[Any] = []
        for place, (_, own) in enumerate(columns):
            params += ([COLUMN] if place else []) + list(own)
        return f"{FUNCTIONS[connection.vendor]}({joined}, %s)", (*params, ROW)
