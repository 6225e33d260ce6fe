"""Internal items (sisäiset erät): the value rule over the part of the facts that is marked internal.

Units of a city sell to each other: what one earns of it another spends, and the city by itself earns and spends
neither. The internal part of a cell is what the rule gives over the postings that are marked internal, and over what is
stated of that part by itself, in the very books that the total is of: where these are covered, an absent internal item
is none. What is left, the external part, is the total without it, known where both are.

A total that is stated says nothing of its internal part, which is then not known, unless it is stated, too. But where a
log has nothing at all that is marked internal, nobody tells internal items from others, and no total has any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, evolve

from heinola_es.domain.value_rule.facts import Facts, ListedFacts
from heinola_es.domain.value_rule.rule import ValueRule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.period import Period
    from heinola_es.domain.value_rule.facts import Posting, Statement, Unread


class InternalFacts(ListedFacts):
    """The internal part of the facts of a measure and fiscal year, in the same covered books."""

    def __init__(
        self, of: Facts, postings: Iterable[Posting], statements: Iterable[Statement], unread: Iterable[Unread] = ()
    ) -> None:
        super().__init__(postings, statements, of.coverage, unread, of.measure)
        self._of = of

    def posting_units(self) -> frozenset[str]:
        """Return the units with any posting, internal or not: books of these must be covered for nothing to be none."""
        return self._of.posting_units()


@define(slots=True, eq=False, repr=False)
class InternalRule(ValueRule):
    """The rule over the internal part; what a unit has at all, it has in the whole.

    Attributes:
        of: the rule over the whole.
    """

    of: ValueRule

    def is_told_of(self, unit: str, line: str, period: Period) -> bool:
        """Return whether anything is recorded of a line, internal or not."""
        return self.of.is_told_of(unit, line, period)


def internal_rule(
    rule: ValueRule, postings: Iterable[Posting], statements: Iterable[Statement], unread: Iterable[Unread] = ()
) -> ValueRule:
    """Return the rule over the internal part of what another is over."""
    facts = InternalFacts(rule.facts, postings, statements, unread)
    return InternalRule(rule.chart, rule.standing, facts, rule)


def rule_without_internal(rule: ValueRule) -> ValueRule:
    """Return the rule over an internal part of which there is none: it is 0 wherever the whole is known."""
    none = (evolve(one, cents=0, precision_cents=1, label="", percent=None) for one in rule.facts.statements)
    return internal_rule(rule, (), none)
