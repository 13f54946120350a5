"""When channels get a digest, as lines of text and as JSON values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.findings import DigestPlansFinding
from bot.wording import at, plain


def plans_shape(finding: DigestPlansFinding) -> dict[str, Any]:
    """Return what is set about digests as docs/command-line.md promises it."""
    return {
        "digests": [
            {
                "workspace": plan.workspace,
                "channel": plan.channel,
                "schedule": plan.schedule,
                "zone": plan.zone,
                "sections": list(map(str, plan.sections)),
                "silent": plan.silent,
                "owner": plan.owner,
                "next_due": plan.next_due,
                "told_until": plan.upto_at,
            }
            for plan in finding.plans
        ]
    }


def plans_lines(finding: DigestPlansFinding) -> Iterator[str]:
    """Tell which channels get a digest, and when."""
    for plan in finding.plans:
        due = f"next {at(plan.next_due)}" if plan.next_due else "not planned"
        empty = "silent when empty" if plan.silent else "one line when empty"
        what = f"{', '.join(map(str, plan.sections))}; {empty}; by {plain(plan.owner)}"
        yield f"{plan.workspace}/{plain(plan.channel)}: {plan.schedule}; {due}; {what}"
    if not finding.plans:
        yield "No channel gets a digest. Set one up in Slack: /dateline digest at 08:30 weekdays"
