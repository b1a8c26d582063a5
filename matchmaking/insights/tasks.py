"""What the background worker does for insights."""

from django_tasks import task

from matchmaking.insights.services.plans import make_plan


@task()
def make_market_plan(key: str) -> str:
    """Compute the plan with this key; gives its state. Running it twice only costs time."""
    plan = make_plan(key=key)
    if plan is None:
        return ""
    plan.refresh_from_db(fields=["state"])
    return plan.state
