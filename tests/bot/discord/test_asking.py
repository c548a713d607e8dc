from __future__ import annotations

from bot.services import Services
from tests.bot.discord.conftest import Guild


async def test_a_mention_is_answered_by_a_reply(guild: Guild) -> None:
    question = await guild.ann.send(guild.channel, f"{guild.me} who signs the lease of the warehouse?")
    answer = guild.channel.last_message
    print(answer.content, answer.embeds[0].to_dict(), answer.components)
    assert answer.reference.message_id == question.id
    assert 0


async def test_the_command(guild: Guild) -> None:
    done = await guild.ann.slash(guild.channel, "ask", question="who signs the lease of the warehouse?")
    print(done, done.response.embeds[0].to_dict(), done.response.content)
    await guild.ann.click(done.response, label="Sources")
    done = await guild.ann.slash(guild.channel, "help")
    print(done.response.embeds[0].description)
    assert 0
