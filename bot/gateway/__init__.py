"""Everything that knows Teams' wire format and the archived SDK.

Outside this folder there are only the plain values of `events` and the
protocol of `Teams`.
"""
