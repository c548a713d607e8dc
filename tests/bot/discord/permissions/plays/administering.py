"""Acts of admins and stewards, what the bot does by itself, and changes of rights."""

from __future__ import annotations

from datetime import date

import discord
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.discord.cogs.administering.adding import ADD_TO_DOCUMENTS
from bot.discord.cogs.administering.closing_gaps import ClosingGaps
from bot.discord.cogs.administering.gaps import GAPS_NOT_KEPT
from bot.discord.cogs.administering.stewardship import Stewardship
from bot.discord.cogs.asking.marking import Marking
from bot.discord.cogs.looking_up.digests import Digests
from bot.discord.cogs.looking_up.watches import Watches
from bot.library import key_of
from tests.bot.discord.helpers.policies import CANARIES, Stored, stored_in, text_of
from tests.bot.discord.permissions.plays.messages import Used, last_in
from tests.bot.discord.permissions.plays.play import Play, Turn, about_a_document, what_people_do


@what_people_do
async def type_as_an_admin(turn: Turn) -> None:
    admin = turn.play.as_admin
    typed = ("", "gate", turn.handle, "a")[turn.act.choice % 4]
    await admin.offered("remove", "document", typed)
    folders = await admin.offered("upload", "folder", typed, file=("x.md", b"# X\n"))
    assert folders == {one for one in admin.folders() if typed in one}
    turn.play.succeed(folders)


@what_people_do
async def add_message(turn: Turn) -> None:
    """Make a document of what somebody wrote, if it may go where messages of the place go."""
    play, place = turn.play, turn.place
    canary, admin = CANARIES[turn.act.document], play.admin
    if place is None or canary in play.ever:
        return
    if not play.oracle.reads(admin.id, play.env.backend.channels[place.channel.id]):
        return
    said = await admin.send(place.channel, f"{turn.handle} {canary}\n\nThe gate is shut.")
    play.sent.add((admin.id, canary))
    done = await admin.context_menu(place.channel, ADD_TO_DOCUMENTS, said)
    if done.response is not None and (shown := Used.of(done)).ids:
        await play.answer(shown, yes=turn.act.choice % 7 > 0)
        play.look_at_index()
        play.succeed(canary in play.oracle.state)
        play.came_of[ADD_TO_DOCUMENTS] += canary in play.oracle.state


@what_people_do
async def who_sees(turn: Turn) -> None:
    folders = await turn.play.as_admin.offered("access", "folder", "")
    for folder in (None, *sorted(folders)[:1]):
        await turn.play.administrate("access", **({"folder": folder} if folder else {}))
        turn.play.succeed()


@what_people_do
async def administrate(turn: Turn) -> None:
    act = turn.act
    command = ("status", "gaps", "reindex", "rollback")[act.choice % 4]
    dry: dict[str, object] = {"dry_run": act.document % 2 == 0} if command == "reindex" else {}
    done = await turn.play.administrate(command, **dry)
    assert str(GAPS_NOT_KEPT) not in done.response.content
    if command == "rollback" and act.place < 3:
        await turn.play.answer(done, yes=act.place < 2)
    turn.play.succeed()


@about_a_document
async def remove(turn: Turn, canary: str, document: Stored) -> None:
    play = turn.play
    done = await play.administrate("remove", document=key_of(document.name))
    await play.answer(done, yes=turn.act.choice % 5 > 0)
    play.look_at_index()
    audit = play.audit_place
    if canary not in play.oracle.state and play.oracle.all_may_see(audit, document):
        play.expect(last_in(audit.channel), canary, "it is in the audit channel")


@what_people_do
async def upload(turn: Turn) -> None:
    play, act, canary = turn.play, turn.act, CANARIES[turn.act.document]
    folder = ("", "a", "a/deep", "b", "A/Deep")[act.choice % 5]
    written = (None, "x0", "x1", "open", "closed")[act.place]
    if canary in play.ever:
        return
    play.sent.add((play.admin.id, canary))
    file = (f"{turn.handle}-{canary}.md", text_of(act.document, written).encode())
    done = await play.administrate("upload", file=file, folder=folder)
    if act.choice % 3 == 1:
        await _move(play, done)
    await play.answer(done, yes=act.choice % 7 > 0)
    play.look_at_index()
    play.succeed(canary in play.oracle.state)


async def _move(play: Play, done: Used) -> None:
    """Let the files of an upload go to another folder, and ask for a form that names one."""
    if offered := done.id_of("x:up:"):
        token = offered.rpartition(":")[2]
        for custom_id in (f"x:um:{token}:{key_of('b')}", f"x:uf:{token}"):
            await play.press(play.oracle.people[-1], done.response._message, custom_id)


@about_a_document
async def change_an_audience(turn: Turn, canary: str, document: Stored) -> None:
    """Change the audience in a document's front matter, with a reindex or without one yet."""
    path = turn.play.corpus / document.name
    if path.is_file():
        written = (None, "x0", "x1", "x2", "closed", "open")[turn.act.choice % 6]
        path.write_text(text_of(CANARIES.index(canary), written), encoding="utf-8")
        turn.play.succeed()
    if turn.act.place % 2:
        await turn.play.administrate("reindex")


@what_people_do
async def lose_documents(turn: Turn) -> None:
    """Remove all documents but one; an admin who sees all may accept that."""
    play = turn.play
    if play.plan.insider is not None:
        return  # how many are left of all tells how many are hidden, to whoever has the files
    kept = {path: path.read_bytes() for path in sorted(play.corpus.rglob("*.md"))}
    for path in list(kept)[1:]:
        path.unlink()
    known, yes = dict(play.oracle.state), turn.act.choice % 4 > 0
    done = await play.administrate("reindex")
    if "x:drop" in done.ids:
        await play.answer(done, yes=yes)
        play.look_at_index()
        assert play.oracle.state == (stored_in(play.corpus) if yes else known)
        play.succeed()
    play.look_at_index()  # what is left can have another audience by now, also after a rollback
    play.look()
    for path, data in kept.items():
        path.write_bytes(data)
    await play.administrate("reindex")


@what_people_do
async def revise(turn: Turn) -> None:
    """Write two documents anew, with fees that differ; they are overdue from then on."""
    play, act = turn.play, turn.act
    for number in (0, 1):
        if found := play.existing(act.document + number):
            path = play.corpus / found[1].name
            text = text_of(CANARIES.index(found[0]), found[1].written, 60 + act.choice % 9 + number)
            if path.is_file():
                path.write_text(text, encoding="utf-8")
    await play.administrate("reindex")
    play.succeed()


@what_people_do
async def replaced(turn: Turn) -> None:
    old, new = map(turn.play.key_of_some, (turn.act.document, turn.act.choice))
    decision = ("it does", "it does not", "undo")[turn.act.choice % 3]
    await turn.play.administrate("replaced", document=old, by=new, decision=decision)
    turn.play.succeed()


@what_people_do
async def tell_by_itself(turn: Turn) -> None:
    """Have the bot do all that it does after a reindex, and each day."""
    play = turn.play
    messages = play.env.backend.messages[play.audit_place.channel.id]
    before = len(messages)
    await play.cog(Digests).send_due()
    play.succeed(len(messages) > before)
    await play.cog(ClosingGaps).close()
    await play.cog(Watches).keep()
    await play.cog(Marking).mark()
    await play.cog(Stewardship).remind(date.today())


# Rights


@what_people_do
async def change_a_role(turn: Turn) -> None:
    play, home, roles = turn.play, turn.play.oracle.guilds[0], turn.play.oracle.roles
    role = roles[turn.act.choice % len(roles)]
    person = play.oracle.people[turn.act.person].id
    members = play.env.backend.guilds[home.id].members
    if person not in members:
        return
    if role.id in members[person].role_ids:
        play.env.backend.remove_member_role(home.id, person, role.id)
    else:
        play.env.backend.add_member_role(home.id, person, role.id)
    play.succeed()


@what_people_do
async def leave(turn: Turn) -> None:
    home, person = turn.play.oracle.guilds[0], turn.play.oracle.people[turn.act.person]
    if person.id in turn.play.env.backend.guilds[home.id].members and turn.act.person != 4:
        home.remove_member(person)
        turn.play.succeed()


@what_people_do
async def change_a_channel(turn: Turn) -> None:
    """Open a channel to all, or close it to all but those with one role."""
    play, act = turn.play, turn.act
    channel = play.oracle.places[1 + act.place % 2].parent
    view = discord.Permissions(view_channel=True).value
    shut = [
        Overwrite(play.oracle.guilds[0].id, OverwriteType.ROLE, deny=view),
        Overwrite(play.oracle.roles[act.choice % 3].id, OverwriteType.ROLE, allow=view),
        Overwrite(play.env.backend.bot_user.id, OverwriteType.MEMBER, allow=view),
    ]
    play.env.backend.edit_channel(channel.id, {}, overwrites=shut if act.choice % 2 else [])
    play.succeed()
