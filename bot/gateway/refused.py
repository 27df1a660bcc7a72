"""A request that the gateway will not pass on."""


class HttpRefusal(Exception):
    """What to answer instead of a turn: an HTTP status and a fixed phrase.

    The phrase goes to the log and to the caller, so it never quotes the request.
    """

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why
