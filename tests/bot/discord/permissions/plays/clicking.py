"""Acts of those who click: any button that was shown or could be, marks, and the way to experts."""

from __future__ import annotations

from collections.abc import Iterator

from bot.discord.cogs.asking.feedback import THANKS_DOWN
from bot.records import Fault
from tests.bot.discord.permissions.plays.messages import ids_below
from tests.bot.discord.permissions.plays.play import EXPERT, Play, Turn, what_people_do


@what_people_do
async def click(turn: Turn) -> None:
    """Click a button of any kind, one that was shown or could be, as somebody who sees it."""
    play, act = turn.play, turn.act
    kinds = play.kinds()
    kind = kinds[act.choice % len(kinds)]
    decided = [one for one in play.buttons if one[2].startswith(("x:su:", "s:"))]
    might_be = [
        (channel, number, made_up)
        for channel, number, custom_id in (*decided, *play.buttons[-30:])
        for made_up in _like(custom_id)
    ]
    fitting = [one for one in (*might_be, *play.buttons) if kind.fullmatch(one[2])]
    if not fitting:
        return
    wanted = play.oracle.people[act.person].id
    fitting.sort(key=lambda one: wanted in _who_saw(play, *one[:2]))
    channel, number, custom_id = fitting[-1 - act.document % len(fitting)]
    if act.place == 4:  # below any other message
        channel, number, _ = play.buttons[act.choice * 7 % len(play.buttons)]
    _, done = await play.press_of(act.person, channel, number, custom_id)
    play.succeed(done is not None)


def _who_saw(play: Play, channel: int, number: int) -> list[int]:
    """Return who sees a message; nobody if it is gone."""
    shown = play.env.backend.messages.get(channel, {}).get(number)
    return [] if shown is None else play.who_see(shown)


def _like(custom_id: str) -> Iterator[str]:
    """Return ids as the bot makes them for longer documents, lists and indexes than here."""
    letter, _, rest = custom_id.partition(":")
    made_up = {
        "s": ["e:{}"],
        "p": ["t:{}"],
        "o": ["d:{}:1", "k:{}", "h:{}:0", "d:{0}:1:k:{0}", "z:d:0:{}:1", "z:p:{0}:{0}:1"],
        "f": ["v:{}", "m:{}:1", "m:{}:2", "a:{}:1", "w:again:{}", "n:on:{}"],
        "w": ["w:now:{}", "w:here:{}"],
        "q": ["c:{}"],
        "i": ["j:{}"],
    }
    for like in made_up.get(letter, ()):
        at = -1 if letter == "w" else 0
        yield like.format(rest.split(":")[at] if letter in "fqw" else rest)
    if letter == "s":
        exchange = rest.partition(":")[0]
        yield from (f"u:o:{exchange}:1-9", f"u:t:{exchange}:1-9:1")
    yield from ("w:list:1", "l:1:", "l:2:*a*", "x:gp:30:1", "x:drop", "x:no", "y:not", "g:no")
    yield from ("r:tm1:-::gate", "r:xm1:-::gate", "r:2m1:-::gate", "z:c:0::1")
    yield from ("x:cf:1", "x:od:1", "x:sp:1")
    if custom_id.startswith("x:su:"):
        yield from (custom_id.replace(":su:", like) for like in (":sy:", ":sn:"))


@what_people_do
async def mark_down(turn: Turn) -> None:
    """Mark an answer down, and give a reason in the form."""
    play, act = turn.play, turn.act
    marks = [one for one in play.buttons if one[2].endswith(":down")]
    if not marks:
        return
    mark = marks[-1 - act.choice % len(marks)]
    user, done = await play.press_of(act.person, *mark)
    if done is None or done.modal is None:
        return
    fault = list(Fault)[act.choice % len(Fault)]
    reason = {"fault": fault.value, "reason": f"It is {turn.handle}."}
    told = await play.acting(user, mark[0]).submit_modal(done, reason)
    assert told.response is not None
    play.succeed(told.response.content == THANKS_DOWN)


@what_people_do
async def hand_over(turn: Turn) -> None:
    """Hand a question to a person, after a yes where one is asked for, and mostly have it answered
    in a form."""
    play, act = turn.play, turn.act
    asks = [one for one in play.buttons if one[2].startswith("g:ask:")]
    if not asks:
        return
    _, done = await play.press_of(act.person, *asks[-1 - act.choice % len(asks)])
    if done is None or done.response is None:
        return
    shown = done.response
    if yes := [one for one in ids_below(shown._message) if one.startswith("g:yes:")]:
        await play.press_of(act.person, shown.channel_id, shown.id, yes[0])
    play.look()
    asked = [one for one in play.buttons if one[2].startswith("g:ans:")]
    if not asked or act.document % 3 == 0:
        return  # it stays open
    _, form = await play.press_of(EXPERT, *asked[-1])
    if form is not None and form.modal is not None:
        said = {"answer": f"It is {turn.handle}."}
        expert = play.acting(play.oracle.people[EXPERT], asked[-1][0])
        told = await expert.submit_modal(form, said)
        play.succeed(told.response and told.response.content.startswith("Thank you."))
