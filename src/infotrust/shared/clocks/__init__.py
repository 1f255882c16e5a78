"""Every waiting day belongs to a named step and a holder: who has something to do, since when, and how long steps take.

Stages call `services.begin` and `services.finish`; the desk, the reminders and the trust's own medians come from that.
"""
