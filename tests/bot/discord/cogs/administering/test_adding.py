"""Message, Apps, "Add to the documents": what goes in, where, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
import simcord

from bot import messages
from bot.access import Audience, Policy
from bot.config.guilds import GuildBook, GuildSettings
from bot.config.settings import Settings
from bot.discord.cogs.administering.adding import ADD_TO_DOCUMENTS
from bot.services import Services
from testing.services import bot_of, services_of
from tests.bot.discord.conftest import Guild
from tests.bot.discord.helpers.actions import ids_of, press
from tests.bot.discord.helpers.briefings import forged
from tests.bot.discord.helpers.channels import channel_for, manager_of
from tests.bot.discord.helpers.visible_text import seen

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("parsing_here")]

WORDS = "The *convoy* leaves Tromso on 3 May.\nAsk @everyone."
CONVOY = "when does the convoy leave Tromso?"


@pytest.fixture
def folder(guild: Guild, services: Services) -> Path:
    """Return where messages of the first channel go."""
    name_folder(guild, services.guilds)
    return services.settings.corpus / "notes"


def name_folder(guild: Guild, book: GuildBook, folder: str = "notes") -> None:
    section = GuildSettings.model_validate({"add_to": {guild.channel.id: folder}})
    book.sections[guild.handle.id] = section


async def add(
    guild: Guild,
    words: str = WORDS,
    *,
    channel: simcord.ChannelHandle | None = None,
    by: simcord.MemberActor | None = None,
    **more: Any,
) -> simcord.InteractionResult:
    """Add what Bob writes, as Ada unless `by` another."""
    channel = channel or guild.channel
    said = await guild.bob.send(channel, words, **more)
    return await (by or guild.ada).context_menu(channel, ADD_TO_DOCUMENTS, said)


def text_of(done: simcord.InteractionResult) -> str:
    """Return what the admin alone is told last."""
    shown = [done.response, *done.followups][-1]
    assert shown is not None
    assert shown.ephemeral
    return seen(shown)


def refused(guild: Guild, done: simcord.InteractionResult) -> str:
    """Return why a message was refused; simcord counts that as an error of the command."""
    assert guild.env.errors
    guild.env.errors.clear()
    return text_of(done)


async def test_after_a_yes_a_message_answers_and_its_author_is_told(
    guild: Guild, folder: Path
) -> None:
    asks = await add(guild)
    said = text_of(asks)
    assert said.startswith("**bob**'s message goes in with their name, the day and a link, and")
    assert "I tell **bob**." in said
    assert "**notes/" in said
    assert not folder.exists()
    await press(guild.ada, asks, "Put in")
    (path,) = folder.iterdir()
    text = path.read_text()
    assert 'author: "bob"' in text
    assert text.endswith("The *convoy* leaves Tromso on 3 May.  \nAsk @everyone.\n")
    done = await guild.ann.slash(guild.channel, "ask", question=CONVOY)
    assert "_convoy_ leaves Tromso on 3 May." in seen(done.response).replace("*", "")
    told = guild.bob.user.dm_channel.last_message
    assert seen(told).startswith("**ada** has added a message of yours to the documents of")
    assert f"https://discord.com/channels/{guild.handle.id}/{guild.channel.id}/" in seen(told)


async def test_remove_takes_it_out_again(guild: Guild, folder: Path) -> None:
    await press(guild.ada, await add(guild), "Put in")
    (path,) = folder.iterdir()
    asks = await guild.ada.slash(guild.channel, "remove", document=f"notes/{path.name}")
    await press(guild.ada, asks, "Remove")
    assert list(folder.iterdir()) == []
    done = await guild.ann.slash(guild.channel, "ask", question=CONVOY)
    assert "Tromso on 3 May" not in seen(done.response)


async def test_a_no_puts_nothing_in(guild: Guild, folder: Path) -> None:
    done = await press(guild.ada, await add(guild), "Cancel")
    assert text_of(done) == messages.NOTHING_CHANGED_BY_YOU
    assert not folder.exists()


async def test_an_edited_message_replaces_what_it_was(guild: Guild, folder: Path) -> None:
    said = await guild.bob.send(guild.channel, WORDS)
    await press(
        guild.ada, await guild.ada.context_menu(guild.channel, ADD_TO_DOCUMENTS, said), "Put in"
    )
    again = await guild.ada.context_menu(guild.channel, ADD_TO_DOCUMENTS, said)
    assert refused(guild, again) == "The very same file is there already."
    await guild.bob.edit(said, f"{WORDS}\nIt is raining.")
    asks = await guild.ada.context_menu(guild.channel, ADD_TO_DOCUMENTS, said)
    await press(guild.ada, asks, "Put in and replace")
    (path,) = folder.iterdir()
    assert "raining" in path.read_text()


async def test_a_message_of_a_thread_goes_where_its_channel_s_go(
    guild: Guild, folder: Path
) -> None:
    thread = guild.env.backend.create_thread(
        guild.channel.id, "depot", owner_id=guild.bob.id, type=11
    )
    handle = next(one for one in guild.channel.threads if one.id == thread.id)
    await press(guild.ada, await add(guild, channel=handle), "Put in")
    (path,) = folder.iterdir()
    assert 'channel: "#depot"' in path.read_text()


# What is refused


async def test_where_no_folder_is_named(guild: Guild, folder: Path) -> None:
    other = guild.handle.create_text_channel("other")
    assert refused(guild, await add(guild, channel=other)).startswith("No folder is named for this")


async def test_only_admins(guild: Guild, folder: Path) -> None:
    asks = await add(guild)
    assert await forged(guild, guild.ann, ids_of(asks)[0]) == messages.ADMINS_ONLY
    menu = guild.env.backend.find_command(ADD_TO_DOCUMENTS, None, type=3)
    guild.handle.set_command_permissions(int(cast("dict[str, Any]", menu)["id"]), {guild.ann: True})
    assert refused(guild, await add(guild, by=guild.ann)) == messages.ADMINS_ONLY


async def test_without_words(guild: Guild, folder: Path) -> None:
    done = await add(guild, "", attachments=[("plan.png", b"x")])
    told = "Only words are added, and that message has none. /upload takes its files."
    assert refused(guild, done) == told


async def test_what_a_bot_wrote(guild: Guild, folder: Path) -> None:
    await guild.ann.send(guild.channel, f"{guild.me} {CONVOY}")
    answer = guild.channel.last_message
    assert answer is not None
    done = await guild.ada.context_menu(guild.channel, ADD_TO_DOCUMENTS, answer)
    assert refused(guild, done).startswith("Only what people wrote can be added")


async def test_what_was_forwarded(guild: Guild, folder: Path) -> None:
    elsewhere = channel_for(guild, "elsewhere", guild.bob)
    said = await guild.bob.send(elsewhere, WORDS)
    forwarded = await guild.bob.forward(said, guild.channel)
    done = await guild.ada.context_menu(guild.channel, ADD_TO_DOCUMENTS, forwarded)
    assert refused(guild, done).startswith("That message was forwarded.")


async def test_a_folder_that_others_may_see(guild: Guild, services: Services) -> None:
    """Everybody may see the documents, and only Bob and Ada read the channel."""
    closed = channel_for(guild, "closed", guild.bob, manager_of(guild))
    section = GuildSettings.model_validate({"add_to": {closed.id: "notes"}})
    services.guilds.sections[guild.handle.id] = section
    told = refused(guild, await add(guild, channel=closed))
    assert told.startswith("Not everybody who may see notes/ can read this channel")
    assert not (services.settings.corpus / "notes").exists()


async def test_a_folder_for_the_readers_of_the_channel(guild: Guild, settings: Settings) -> None:
    closed = channel_for(guild, "closed", guild.bob, manager_of(guild))
    services = services_of(settings, policy=policy_of(guild, closed))
    section = GuildSettings.model_validate({"add_to": {closed.id: "notes"}})
    services.guilds.sections[guild.handle.id] = section
    await guild.env.restart_bot(bot_of(services))
    asks = await add(guild, channel=closed)
    # Meanwhile the folder is opened to others.
    services.access.policy = replace(services.access.policy, folders=())
    told = text_of(await press(guild.ada, asks, "Put in"))
    assert told.startswith("Not everybody who may see notes/ can read this channel")
    services.access.policy = policy_of(guild, closed)
    await press(guild.ada, await add(guild, channel=closed), "Put in")
    assert len(list((settings.corpus / "notes").iterdir())) == 1


def policy_of(guild: Guild, channel: simcord.ChannelHandle) -> Policy:
    few = Audience(channels=frozenset({channel.id}))
    return Policy(
        guilds=frozenset({guild.handle.id}),
        folders=(("notes/", few),),
        audiences={"few": few},
        path=Path("policy.toml"),
    )


async def test_a_private_thread_is_not_read_by_all(guild: Guild, folder: Path) -> None:
    thread = guild.env.backend.create_thread(
        guild.channel.id, "secret", owner_id=guild.bob.id, type=12
    )
    handle = next(one for one in guild.channel.threads if one.id == thread.id)
    guild.env.backend.add_thread_member(thread.id, guild.ada.id)
    told = refused(guild, await add(guild, channel=handle))
    assert told.startswith("Not everybody who may see notes/ can read this channel")


async def test_a_message_that_is_deleted_meanwhile(guild: Guild, folder: Path) -> None:
    said = await guild.bob.send(guild.channel, WORDS)
    asks = await guild.ada.context_menu(guild.channel, ADD_TO_DOCUMENTS, said)
    await guild.bob.delete(said)
    done = await press(guild.ada, asks, "Put in")
    assert text_of(done) == "The message has been deleted meanwhile, so nothing was added."
    assert not folder.exists()


async def test_a_message_that_is_edited_meanwhile(guild: Guild, folder: Path) -> None:
    """What its author took out of it does not go in."""
    said = await guild.bob.send(guild.channel, f"{WORDS} The code is 4711.")
    asks = await guild.ada.context_menu(guild.channel, ADD_TO_DOCUMENTS, said)
    await guild.bob.edit(said, WORDS)
    told = text_of(await press(guild.ada, asks, "Put in"))
    assert told.startswith("The message has been edited meanwhile, so nothing was added.")
    assert not folder.exists()


async def test_a_channel_that_is_given_another_folder_meanwhile(
    guild: Guild, folder: Path, services: Services
) -> None:
    """Who may see the first folder was only looked at before."""
    asks = await add(guild)
    name_folder(guild, services.guilds, "other")
    told = text_of(await press(guild.ada, asks, "Put in"))
    assert told.startswith("Messages of this channel go to another folder now")
    assert not folder.exists()


async def test_a_folder_that_the_admin_may_not_see(guild: Guild, settings: Settings) -> None:
    """Nor is it told whether there is a file of that name."""
    few = Audience(people=frozenset({guild.bob.id}))
    policy = Policy(
        guilds=frozenset({guild.handle.id}),
        folders=(("notes/", few),),
        audiences={"few": few},
        path=Path("policy.toml"),
    )
    services = services_of(settings, policy=policy)
    name_folder(guild, services.guilds)
    await guild.env.restart_bot(bot_of(services))
    told = refused(guild, await add(guild))
    assert told.startswith("You may not see what is kept there")


async def test_the_words_of_a_message_ping_nobody(guild: Guild, folder: Path) -> None:
    await press(guild.ada, await add(guild, "<@&1> @everyone <@2>"), "Put in")
    sent = [cast("dict[str, Any]", r.json) for r in guild.env.http_requests if r.json]
    pings = [one["allowed_mentions"] for one in sent if "allowed_mentions" in one]
    assert pings
    assert all(not (one["parse"] or one.get("users") or one.get("roles")) for one in pings)
