"""Goals and priorities of a unit's year, narratives, outlooks and indicators of a period."""

from __future__ import annotations

from events.goals import GoalRevised, GoalSet, GoalStatusUpdated, GoalWithdrawn, PriorityReported, PrioritySet
from events.narratives import IndicatorObserved, NarrativeReported, OutlookGiven
from heinola_es.domain.aggregates.unit_year import UnitYear
from heinola_es.handlers.unit_years import about_day, about_period, about_year

set_goal = about_year(GoalSet, UnitYear.set_goal)
revise_goal = about_day(GoalRevised, UnitYear.revise_goal)
update_goal_status = about_period(GoalStatusUpdated, UnitYear.update_goal_status)
withdraw_goal = about_day(GoalWithdrawn, UnitYear.withdraw_goal)

set_priority = about_year(PrioritySet, UnitYear.set_priority)
report_priority = about_period(PriorityReported, UnitYear.report_priority)

report_narrative = about_period(NarrativeReported, UnitYear.report_narrative)
give_outlook = about_period(OutlookGiven, UnitYear.give_outlook)
observe_indicator = about_period(IndicatorObserved, UnitYear.observe_indicator)
