"""What the background worker does for matchmaking days."""

from django_tasks import task

from matchmaking.days.services.plans import make_plan, mend_plan


@task()
def make_day_plan(key: str) -> str:
    """Compute the plan with this key; gives its state. Running it twice only costs time."""
    plan = make_plan(key=key)
    return plan.state if plan is not None else ""


@task()
def mend_day(key: str) -> int:
    """Fill the places that fell out of the day with this key. Gives how many were put in."""
    return mend_plan(key=key)
