"""/list: everything of one sort over all documents, in pages and as a file."""

from __future__ import annotations

from discord import app_commands

from bot.discord.cogs.bot_cog import BotCog
from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.lookup import look_up
from bot.discord.rendering.limits import units
from bot.discord.ui.answers.rolled_up import LONGEST_ABOUT, RollUpPage, rolled_up_parts
from bot.discord.ui.choices import folder_choices
from bot.discord.ui.sending import begin, follow_up
from bot.errors import NotAllowed
from bot.library import Library, key_of
from bot.localization import N_, NP_, _
from bot.requests.lists import list_request
from index.answering.list_requests import Lists

_TOPIC = N_("A word or a name, or what to list: “deadlines in the next 30 days”")
_KINDS = [
    app_commands.Choice(name=N_("documents that mention it"), value=Lists.MENTIONS.value),
    app_commands.Choice(name=N_("figures on it"), value=Lists.FIGURES.value),
    app_commands.Choice(name=N_("deadlines"), value=Lists.DEADLINES.value),
    app_commands.Choice(name=N_("decisions"), value=Lists.DECISIONS.value),
    app_commands.Choice(name=N_("dated statements"), value=Lists.DATES.value),
    app_commands.Choice(name=N_("telephone numbers"), value=Lists.PHONES.value),
    app_commands.Choice(name=N_("mail addresses"), value=Lists.ADDRESSES.value),
]


def _kind_named(topic: str) -> Lists | None:
    """Return the kind that somebody wrote where the topic goes, in the language that they read."""
    look_up, words = _, " ".join(topic.split()).casefold()
    named = (kind.value for kind in _KINDS[2:] if look_up(kind.name).casefold() == words)
    return next(map(Lists, named), None)


class Listing(BotCog):
    @app_commands.command(
        name=NP_("command", "list"),
        description=N_("List all documents that mention something, all deadlines …"),
    )
    @app_commands.describe(
        topic=_TOPIC,
        kind=N_("What to list; documents that mention the topic if you say nothing"),
        since=N_("Only from then on: 2026-05-01, May 2026 or 2026"),
        until=N_("Only up to then: 2026-05-31, May 2026 or 2026"),
        folder=N_("Only the documents in this folder"),
    )
    @app_commands.choices(kind=_KINDS)
    @app_commands.autocomplete(folder=folder_choices)
    async def list_all(
        self,
        interaction: Interaction,
        topic: str | None = None,
        kind: str | None = None,
        since: str | None = None,
        until: str | None = None,
        folder: str | None = None,
    ) -> None:
        today = self.services.today(interaction.guild_id)
        topic, lists = topic or "", Lists(kind) if kind in list(Lists) else None
        if lists is None and (named := _kind_named(topic)):
            topic, lists = "", named
        request = list_request(topic, lists, since, until, today)
        if units(request.about) > LONGEST_ABOUT:
            raise NotAllowed(
                _("That is too long for a topic: {most:,} characters is the most.").format(
                    most=LONGEST_ABOUT
                )
            )
        await begin(interaction)
        if folder is not None:
            folder = await look_up(interaction, Library.find_folder, folder)
        page = RollUpPage(request, key_of(folder) if folder else "")
        await follow_up(interaction, await rolled_up_parts(interaction, page))
