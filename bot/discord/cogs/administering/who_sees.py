"""/access: who sees the documents of a folder, here and in each channel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import discord
from discord import app_commands

from bot.access import Audience
from bot.discord.cogs.bot_cog import BotCog
from bot.discord.permissions.admins import begin_for_admin, shown_to_admins
from bot.discord.permissions.channel_readers import can_view
from bot.discord.permissions.interaction import Interaction
from bot.discord.permissions.lookup import look_up
from bot.discord.rendering.audiences import first_of, people
from bot.discord.rendering.colours import INFO
from bot.discord.rendering.escape import escape_line
from bot.discord.rendering.message import packed
from bot.discord.ui.choices import folder_choices
from bot.discord.ui.sending import follow_up
from bot.errors import NotAllowed
from bot.library import Library
from bot.localization import N_, NP_, LazyText, _, ngettext
from bot.requests.narrowing import narrowed
from bot.services import Services
from index.errors import IndexUnavailable

_NO_FOLDER = LazyText("the documents in no folder")
NOT_ALL = LazyText("That is for admins who are in every audience of the policy.")
_NAME = 400
_PLACES = (discord.TextChannel, discord.ForumChannel, discord.VoiceChannel, discord.StageChannel)


class WhoSees(BotCog):
    @app_commands.command(
        name=NP_("command", "access"),
        description=N_("Who sees the documents of a folder, here and in each channel"),
    )
    @app_commands.describe(folder=N_("Which folder; without it, the documents in none"))
    @app_commands.autocomplete(folder=folder_choices)
    @shown_to_admins
    async def access(self, interaction: Interaction, folder: str | None = None) -> None:
        await begin_for_admin(interaction)
        services, viewers = self.services, self.bot.viewers
        if folder is not None:
            folder = await look_up(interaction, Library.find_folder, folder)
        exceptions = await services.admission.run_quick(_exceptions, services, folder)
        viewer = await viewers.person_now(interaction.user, interaction.guild, interaction.channel)
        if not services.access.sees_all(viewer):
            raise NotAllowed(NOT_ALL)
        audiences = services.access.policy.audiences_of(_place(folder), None)
        lines = [
            _("**Who sees {folder}**").format(
                folder=escape_line(folder, _NAME) if folder else _NO_FOLDER
            ),
            *_people(audiences),
            *exceptions,
            *self._places(interaction, audiences),
        ]
        await follow_up(interaction, packed(lines, between="\n", colour=INFO))

    def _places(self, interaction: Interaction, audiences: frozenset[Audience]) -> Iterator[str]:
        """Yield where the documents are shown to everybody, of the channels the admin can view."""
        guild, member = interaction.guild, interaction.user
        if guild is None or not isinstance(member, discord.Member):
            return
        shown: dict[bool, list[str]] = {True: [], False: []}
        for channel in guild.channels:
            if isinstance(channel, _PLACES) and can_view(member, channel):
                readers = self.bot.viewers.readers(guild, channel)
                shown[all(map(readers.is_in, audiences))].append(channel.mention)
        here = self.bot.viewers.readers(guild, interaction.channel)
        if not all(map(here.is_in, audiences)):
            yield _("Here I use them only in private answers, to people who may see them.")
        if shown[True]:
            yield _("In public answers in: {places}").format(places=first_of(shown[True]))
        if shown[False]:
            yield _("Only in private answers in: {places}").format(places=first_of(shown[False]))


def _place(folder: str | None) -> str:
    """Return the name of a document that the folder might have."""
    return f"{folder}/x" if folder else "x"


def _people(audiences: Iterable[Audience]) -> list[str]:
    members = people(audiences)
    if len(members) == 1:
        return [_("Seen by {people}.").format(people=members[0])]
    return [_("Whoever is in all of these:"), *(f"- {one}" for one in members)]


def _exceptions(services: Services, folder: str | None) -> list[str]:
    """Return a line on documents there that name an audience themselves. Blocks."""
    access = services.access
    usual = access.policy.audiences_of(_place(folder), None)
    try:
        names = services.current.generation().catalog.document_names()
        inside = narrowed(dict.fromkeys(names), folder=folder)
        there = inside if folder else [name for name in names if "/" not in name]
        apart = sum(access.audiences_of(name) != usual for name in there)
    except IndexUnavailable:
        return []
    if not apart:
        return []
    return [
        ngettext(
            "{n:,} document there is for others: it names an audience itself, or its folder has "
            "one of its own.",
            "{n:,} documents there are for others: they name an audience themselves, or their "
            "folder has one of its own.",
            apart,
        ).format(n=apart)
    ]
