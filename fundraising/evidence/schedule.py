"""When M-Pesa is asked again."""

from datetime import timedelta

HOURLY = timedelta(hours=1)
HINT_PAUSE = timedelta(seconds=30)  # hints cost a call with our credentials each
