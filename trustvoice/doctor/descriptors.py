"""How many connections can stand open at once."""

import resource

from trustvoice.doctor.lines import Finding, ok, warning
from trustvoice.doctor.patient import Check, Patient
from trustvoice.running import descriptors

RAISE_IT = "Raise the hard limit: LimitNOFILE=65536 in a systemd unit, --ulimit nofile=65536 of a container."


async def look_at_limit(_patient: Patient) -> list[Finding]:
    """Of a process started as this one; `trustvoice run` takes all that it may have."""
    allowed = descriptors.most_allowed()
    connections = descriptors.connections_within(allowed)
    found = f"{connections:,} connections at once"
    if allowed != resource.RLIM_INFINITY and allowed < descriptors.ENOUGH:
        return [warning(f"{found}: the system allows {allowed:,} open files", RAISE_IT)]
    return [ok(found)]


CHECK = Check("open files", look_at_limit)
