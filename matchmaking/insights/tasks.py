"""What the background worker does for insights."""

from django_tasks import task

from matchmaking.insights.services.clearing import clear_markets
from matchmaking.insights.services.flows.refreshing import refresh_flows
from matchmaking.insights.services.plans import make_plan
from matchmaking.insights.services.weaklinks.refreshing import refresh_weak_links


@task()
def make_market_plan(key: str) -> str:
    """Compute the plan with this key; gives its state. Running it twice only costs time."""
    plan = make_plan(key=key)
    if plan is None:
        return ""
    plan.refresh_from_db(fields=["state"])
    return plan.state


@task()
def follow_weak_links() -> int:
    """Count again what changed since the weak links were last counted; gives the rows written. Safe to run twice."""
    return refresh_weak_links()


@task()
def follow_flows() -> int:
    """Count the flows between regions again where something changed; gives the rows. Safe to run twice."""
    return refresh_flows()


@task()
def clear_week() -> int:
    """This week's clearing of every chain that has none yet; gives how many were made. Safe to run twice."""
    return clear_markets()
