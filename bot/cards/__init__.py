"""Drawing: data in, Adaptive Card JSON out. One function for each card."""
