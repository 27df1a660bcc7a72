"""The running bot: everything put together, started in order and stopped in order."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
from aiohttp import hdrs, web

from bot.appointments.handlers import calendar_file as time_file
from bot.appointments.jobs import CREATES as APPOINTMENT_CREATES
from bot.appointments.jobs import AppointmentSenders
from bot.appointments.service import AppointmentService, Slots
from bot.cases.jobs import CREATES as CASE_CREATES
from bot.cases.jobs import CaseSenders
from bot.cases.service import CaseService, PlacedCases
from bot.delivery.addresses import Addresses
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.live_cards import LiveCards
from bot.delivery.maintenance import TIDYING, WINDING, Clock
from bot.delivery.sharing import BEAT, Sharing
from bot.gateway.credentials import Credentials
from bot.gateway.gateway import Gateway
from bot.gateway.limits import Limits
from bot.groups.handlers import calendar_file
from bot.groups.jobs import CREATES as GROUP_CREATES
from bot.groups.jobs import GroupSenders
from bot.groups.service import GroupService
from bot.operation import demonstration
from bot.operation.clock import Now, utc_now
from bot.operation.health import Watching
from bot.operation.serving import serving
from bot.operation.settings import Settings
from bot.reminders.meetings import Meetings
from bot.reminders.service import ReminderService
from bot.router import Router
from bot.routing.services import Services
from bot.sessions.handlers import summary_file
from bot.sessions.jobs import CREATES as SESSION_CREATES
from bot.sessions.jobs import SessionSenders
from bot.sessions.methods import Methods, shipped
from bot.sessions.service import SessionService
from bot.studies.board_link import BoardLink
from bot.studies.draft_service import Cards, DraftService
from bot.studies.jobs import CREATES, Senders
from bot.studies.service import StudyService
from bot.web.routes import BoardRoutes
from bot.web.statements import Statements
from storage.operational.store import Operational
from storage.urn.store import Urn

MAX_CONNECTIONS = 100
"""To Teams at once; requests beyond wait."""
KEY = "[0-9a-f]{32}"
"""How what is drawn at random stands in an address."""


@asynccontextmanager
async def running(
    settings: Settings,
    operational: Operational,
    urn: Urn,
    *,
    limits: Limits | None = None,
    now: Now = utc_now,
) -> AsyncIterator[Services]:
    """The bot, answering at `http://HOST:PORT/api/messages`, until the block ends.

    `limits` is how fast it may send, where the gateway should not decide, and
    `now` the clock, where it is not the machine's. Raises OSError where the port is
    taken.
    """
    async with AsyncExitStack() as stack:
        connector = aiohttp.TCPConnector(limit=MAX_CONNECTIONS)
        session = await stack.enter_async_context(
            aiohttp.ClientSession(connector=connector, proxy=settings.proxy or None)
        )
        gateway = Gateway(
            credentials=_credentials(settings),
            session=session,
            openid_url=settings.openid_url,
            token_url=settings.token_url,
            limits=limits,
        )
        stack.push_async_callback(gateway.close)
        services = await _services(settings, gateway, operational, urn, now)
        stack.push_async_callback(services.live_cards.close)
        gateway.start()
        if operational.is_shared:
            sharing = Sharing(operational.replicas, gateway.share, utc_now)
            services.dispatcher.ticker.every(BEAT, sharing.beat)
            stack.push_async_callback(sharing.leave)
        services.dispatcher.start()
        stack.push_async_callback(services.dispatcher.close)
        watching = Watching(operational, urn, now, gateway.faults)
        served = [(_application(gateway, services, watching), settings.host, settings.port)]
        if settings.metrics_port:
            served.append((watching.figures(), settings.metrics_host, settings.metrics_port))
        for application, host, port in served:
            await stack.enter_async_context(serving(application, host, port))
        yield services


def _credentials(settings: Settings) -> Credentials | None:
    if settings.is_demonstration:
        return None
    return settings.credentials


async def _services(
    settings: Settings, gateway: Gateway, operational: Operational, urn: Urn, now: Now
) -> Services:
    vault = settings.vault
    await operational.use(vault)
    studies = StudyService(operational, urn)
    clock = Clock(operational, urn, studies, now)
    await clock.wind()
    teams = Addresses(gateway.teams, operational, now)
    await teams.load()
    senders = Senders(settings, operational, teams, studies)
    methods = Methods(shipped(settings.methods), await operational.methods.all())
    queues = operational.cases(vault)
    sessions = SessionService(operational, operational.sessions(vault), queues, methods, now)
    appointments = AppointmentService(operational, studies, methods, now, settings.calendars)
    reminders = ReminderService(
        operational,
        teams,
        {
            "meeting": Meetings(
                operational,
                operational.sessions(vault),
                methods,
                settings.calendars,
                studies.of_series,
            ),
            "slot": Slots(appointments, studies),
            "case": PlacedCases(operational, queues, methods, settings.calendars),
        },
        now,
    )
    groups = GroupService(
        operational,
        operational.sessions(vault),
        methods,
        reminders.whom,
        now,
        cases=queues,
    )
    cases = CaseService(operational, queues, groups, now)
    meetings = SessionSenders(
        operational,
        teams,
        sessions,
        reminders,
        studies,
        calendars=settings.calendars,
        summaries=settings.summaries,
    )
    kinds = {
        "consent": senders.consent,
        "invitation": senders.invitation,
        "close_invitation": senders.close_invitation,
        "results": senders.results,
        "talk": senders.talk,
        **GroupSenders(settings, operational, teams, groups, reminders).kinds,
        **meetings.kinds,
        **reminders.kinds,
        **CaseSenders(operational, teams, cases, sessions, reminders).kinds,
        **AppointmentSenders(operational, teams, appointments, studies, reminders).kinds,
        "nightly": clock.nightly,
        "close": clock.close,
        "destroy": clock.destroy,
    }
    creates = CREATES | GROUP_CREATES | SESSION_CREATES | APPOINTMENT_CREATES | CASE_CREATES
    dispatcher = Dispatcher(operational, kinds, creates, now)
    dispatcher.ticker.every(WINDING, clock.wind)
    dispatcher.ticker.every(TIDYING, clock.tidy)
    return Services(
        settings=settings,
        teams=teams,
        operational=operational,
        urn=urn,
        studies=studies,
        drafts=DraftService(urn, studies.get, Cards(BoardLink(settings.board, settings.teams_app))),
        methods=methods,
        groups=groups,
        sessions=sessions,
        reminders=reminders,
        appointments=appointments,
        cases=cases,
        live_cards=LiveCards(teams),
        dispatcher=dispatcher,
        now=now,
        addresses=teams,
    )


def _application(gateway: Gateway, services: Services, watching: Watching) -> web.Application:
    router = Router(services)

    async def messages(request: web.Request) -> web.Response:
        return await gateway.receive(request, router)

    async def picture(request: web.Request) -> web.Response:
        png = await services.operational.picture(**request.match_info)
        if png is None:
            raise web.HTTPNotFound
        return web.Response(body=png, content_type="image/png")

    async def meetings(request: web.Request) -> web.Response:
        key = request.match_info["key"]
        file = await calendar_file(services, key) or await time_file(services, key)
        if file is None:
            raise web.HTTPNotFound
        return web.Response(body=file, content_type="text/calendar", charset="utf-8")

    async def summary(request: web.Request) -> web.Response:
        text = await summary_file(services, **request.match_info)
        if text is None:
            raise web.HTTPNotFound
        saved = {hdrs.CONTENT_DISPOSITION: 'attachment; filename="kollegial.txt"'}
        return web.Response(text=text, content_type="text/plain", charset="utf-8", headers=saved)

    # The gateway bounds the body itself, so that it can answer as Teams expects.
    middlewares = [demonstration.only_from_here] if services.settings.is_demonstration else []
    application = web.Application(client_max_size=0, middlewares=middlewares)
    application.add_routes(
        [
            web.post("/api/messages", messages),
            web.get("/results/{key}/{name}.png", picture),
            web.get("/calendar/{key}.ics", meetings),
            web.get(f"/summary/{{session:{KEY}}}/{{key:{KEY}}}.txt", summary),
            *BoardRoutes(services.urn, services.studies).routes(),
            *Statements(services.settings).routes(),
            *watching.probes(),
        ]
    )
    return application
