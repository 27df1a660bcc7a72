"""How each primitive looks on the cards, each a module; by its type."""

from collections.abc import Mapping
from typing import Any

from bot.sessions.cards.meeting import SessionView
from bot.sessions.cards.primitives.agreement import AgreementView
from bot.sessions.cards.primitives.cluster import ClusterView
from bot.sessions.cards.primitives.fill_in import FillInView
from bot.sessions.cards.primitives.findings import FindingsView
from bot.sessions.cards.primitives.follow_up import FollowUpView
from bot.sessions.cards.primitives.guide import GuideView
from bot.sessions.cards.primitives.inform import InformView
from bot.sessions.cards.primitives.matrix import MatrixView
from bot.sessions.cards.primitives.open import OpenView
from bot.sessions.cards.primitives.owner import OwnerView
from bot.sessions.cards.primitives.pause import PauseView
from bot.sessions.cards.primitives.private import PrivateView
from bot.sessions.cards.primitives.rating import RatingView
from bot.sessions.cards.primitives.round import RoundView
from bot.sessions.cards.primitives.vote import VoteView
from bot.sessions.cards.view import PrimitiveView
from bot.ui.texts import Texts
from dialogs.sessions.method import Phase, Primitive
from dialogs.sessions.primitives.agreement import Agreement
from dialogs.sessions.primitives.cluster import Cluster
from dialogs.sessions.primitives.fill_in import FillIn
from dialogs.sessions.primitives.findings import Findings
from dialogs.sessions.primitives.follow_up import FollowUp
from dialogs.sessions.primitives.guide import Guide
from dialogs.sessions.primitives.inform import Inform
from dialogs.sessions.primitives.matrix import Matrix
from dialogs.sessions.primitives.open import Open
from dialogs.sessions.primitives.owner import Owner
from dialogs.sessions.primitives.pause import Pause
from dialogs.sessions.primitives.private import Private
from dialogs.sessions.primitives.rating import Rating
from dialogs.sessions.primitives.round import Round
from dialogs.sessions.primitives.vote import Vote

VIEWS: Mapping[type[Primitive], type[PrimitiveView[Any]]] = {
    Agreement: AgreementView,
    Cluster: ClusterView,
    FillIn: FillInView,
    Findings: FindingsView,
    FollowUp: FollowUpView,
    Guide: GuideView,
    Inform: InformView,
    Matrix: MatrixView,
    Open: OpenView,
    Owner: OwnerView,
    Pause: PauseView,
    Private: PrivateView,
    Rating: RatingView,
    Round: RoundView,
    Vote: VoteView,
}


def view_of(say: Texts, meeting: SessionView, phase: Phase) -> PrimitiveView[Any]:
    """A phase as its primitive looks."""
    return VIEWS[type(phase.does)](say.in_words(meeting.method.words), meeting, phase, phase.does)
