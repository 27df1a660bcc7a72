"""The running bot: everything put together, started in order and stopped in order."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
from aiohttp import web

from bot.appointments import Appointments, Slots
from bot.clock import WINDING, Clock
from bot.dispatcher import Dispatcher
from bot.gateway.credentials import Credentials
from bot.gateway.events import Answer, Event
from bot.gateway.gateway import Gateway
from bot.gateway.limits import Limits
from bot.groups import Groups
from bot.live_cards import LiveCards
from bot.meetings import Meetings
from bot.methods import Methods, shipped
from bot.now import Now, utc_now
from bot.perform import Sittings
from bot.reminders import Reminders
from bot.sessions import Sessions
from bot.settings import Settings
from bot.studies import Studies
from bot.turns import answer
from bot.turns.groups import calendar_file
from bot.turns.sending import CREATES, Senders
from bot.turns.sending_appointments import CREATES as APPOINTMENT_CREATES
from bot.turns.sending_appointments import AppointmentSenders
from bot.turns.sending_groups import CREATES as GROUP_CREATES
from bot.turns.sending_groups import GroupSenders
from bot.turns.sending_sessions import CREATES as SESSION_CREATES
from bot.turns.sending_sessions import SessionSenders
from bot.turns.services import Services
from bot.watching import Watching
from storage.operational import Operational
from storage.urn import Urn
from storage.vault import Vault

MAX_CONNECTIONS = 100
"""To Teams at once; requests beyond wait."""


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
        session = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
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
        services.dispatcher.start()
        stack.push_async_callback(services.dispatcher.close)
        watching = Watching(operational, urn, now)
        served = [(_application(gateway, services, watching), settings.host, settings.port)]
        if settings.metrics_port:
            served.append((watching.figures(), settings.metrics_host, settings.metrics_port))
        for application, host, port in served:
            runner = web.AppRunner(application, access_log=None)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, host, port).start()
        yield services


def _credentials(settings: Settings) -> Credentials | None:
    if settings.is_demonstration:
        return None
    return Credentials(settings.app_id, settings.tenant, settings.app_secret.get_secret_value())


async def _services(
    settings: Settings, gateway: Gateway, operational: Operational, urn: Urn, now: Now
) -> Services:
    studies = Studies(operational, urn)
    clock = Clock(operational, urn, studies, now)
    await clock.wind()
    senders = Senders(settings, gateway.teams, studies)
    methods = Methods(shipped(settings.methods), await operational.methods.all())
    vault = Vault.from_hex(settings.server_key.get_secret_value())
    groups = Groups(operational, operational.sessions(vault), methods, now)
    sessions = Sessions(operational, operational.sessions(vault), methods, now)
    appointments = Appointments(operational, studies, now)
    reminders = Reminders(
        operational,
        gateway.teams,
        {
            "meeting": Meetings(operational, methods, settings.calendars),
            "slot": Slots(appointments, studies),
        },
        now,
    )
    meetings = SessionSenders(operational, gateway.teams, sessions, reminders)
    kinds = {
        "consent": senders.consent,
        "invitation": senders.invitation,
        "close_invitation": senders.close_invitation,
        "results": senders.results,
        **GroupSenders(settings, operational, gateway.teams, groups, reminders).kinds,
        **meetings.kinds,
        **reminders.kinds,
        **AppointmentSenders(operational, gateway.teams, appointments, studies).kinds,
        "nightly": clock.nightly,
        "close": clock.close,
        "destroy": clock.destroy,
    }
    creates = CREATES | GROUP_CREATES | SESSION_CREATES | APPOINTMENT_CREATES
    dispatcher = Dispatcher(operational, kinds, creates, now)
    dispatcher.ticker.every(WINDING, clock.wind)
    return Services(
        settings=settings,
        teams=gateway.teams,
        operational=operational,
        urn=urn,
        studies=studies,
        sittings=Sittings(urn, studies.get),
        methods=methods,
        groups=groups,
        sessions=sessions,
        reminders=reminders,
        appointments=appointments,
        live_cards=LiveCards(gateway.teams),
        dispatcher=dispatcher,
        now=now,
    )


def _application(gateway: Gateway, services: Services, watching: Watching) -> web.Application:
    async def handle(event: Event) -> Answer:
        return await answer(services, event)

    async def messages(request: web.Request) -> web.Response:
        return await gateway.receive(request, handle)

    async def picture(request: web.Request) -> web.Response:
        png = await services.operational.picture(**request.match_info)
        if png is None:
            raise web.HTTPNotFound
        return web.Response(body=png, content_type="image/png")

    async def meetings(request: web.Request) -> web.Response:
        file = await calendar_file(services, **request.match_info)
        if file is None:
            raise web.HTTPNotFound
        return web.Response(body=file, content_type="text/calendar", charset="utf-8")

    # The gateway bounds the body itself, so that it can answer as Teams expects.
    application = web.Application(client_max_size=0)
    application.add_routes(
        [
            web.post("/api/messages", messages),
            web.get("/results/{key}/{name}.png", picture),
            web.get("/calendar/{key}.ics", meetings),
            *watching.probes(),
        ]
    )
    return application
