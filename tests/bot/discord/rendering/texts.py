"""Texts that documents may contain, by accident or to do harm."""

from __future__ import annotations

from hypothesis import strategies as st

NASTY = (
    "**bold** *it* _it_ __under__ ~~strike~~ ||spoiler|| `code`",
    "# Heading\n## Heading\n-# small\n> quote\n>>> all",
    "- one\n+ two\n* three\n1. four\n2) five\n  - six",
    "[text](https://evil.example) ![image](https://evil.example/a.png) [a]: https://b.example",
    "[a]\n\n[a]: https://evil.example 'title'",
    "<https://evil.example> https://evil.example steam://run/1 http://a.b/c_(d)",
    "discord.gg/x https://discord.gg/x discord.com/invite/x DISCORDAPP.com/invite/x",
    "<@1> <@!1> <@&1> <#1> @everyone @here </ask:1> <id:customize>",
    "<t:1:R> <t:1> <:ab:1> <a:ab:1> :smile: :a:b:c: :wave::skin-tone-3: 10:30:45",
    "```py\ncode\n```\n~~~\ncode\n~~~\n    indented\n\ttab",
    "back\\slash \\*\\* C:\\dir\\ ends\\",
    "¯\\_(ツ)_/¯ \\_(ツ)_/",
    "a | b\n--- | ---\nc | d\n\n|a|\n|-|\nb\n:-:|",
    "a|b\n-|-\nc|d\n\na|b\n:-|-:\nc|d\n\na|b\n-:|-",
    "1) one\n2) two\n\n1. one\n\n- \n\n+\n\n#",
    "Title\n===\nTitle\n---\n* * *\n___\n- - -",
    "&amp; &#42; &lt;b&gt; <b>html</b> <!-- x --> AT&T",
    "snake_case_name 5*3*2 2 * 3 ~5 km a|b #tag 1.5 -5 +5 5 < 6 > 4",
    "\x1b[31mred\x07\x00 \x9b1m",
    "\u202eright to left\u202c \u2066x\u2069 zero\u200bwidth\ufeff \u2060",
    "family 👩‍👩‍👧 می‌خواهم x\u200dy",
    "flag 🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",
    "half \ud83d pair 😀",
    "one\r\ntwo\rthree\x0cfour\u2028five\x85six",
    "two  spaces   three \n  leading\n\n\n\nlines  ",
    "(a)*(b)* **(c)**d e**(f)** ,**g**h",
    "> - # nested\n> > deeper\n- > 1. x\n1. - # x",
    "]( [x]( ](x) [](x) [[a]](b)",
    "***\n**\n*",
    "{n} {n…} {name} {0} {0.__class__} {n:>999999999} {x!r} {{}} } { %s %(n)d $x",
    "\\",
    "\n",
    "",
)

_MARKS = (
    "* ** *** _ __ ~ ~~ ` `` ``` | || > >>> # ## -# - + 1. 2) = === --- [ ] ( ) ]( [a]: ! < > @ : &"
    " ; \\ \\\\ / . , https:// http: x a é 5 <@1> <@&1> <#1> </ask:1> <t:1:R> <:ab:1> :ab: @here"
    " @everyone discord.gg/ &amp; <b> ¯\\_(ツ)_/¯ 😀 👩‍🚒 👍🏽 🇳🇴 \u0301"
)
_BLANKS = (" ", "  ", "    ", "\n", "\n", "\n\n", "\t", "\r\n", "\xa0", "\u2028", "\u3000")
_HIDDEN = ("\u200b", "\u200d", "\u202e", "\x1b", "\ud83d", "\x00", "\ufeff")
_PARTS = st.sampled_from([*_MARKS.split(), *_BLANKS, *_HIDDEN])

hostile = st.lists(_PARTS, max_size=30).map("".join)
any_text = st.one_of(hostile, st.text(st.characters(codec=None)))
