from trustvoice.metrics.meters import Meters
from trustvoice.metrics.page import MetricsPage

__all__ = ["Meters", "MetricsPage"]
