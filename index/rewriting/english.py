"""The closed lists of English words that questions are parsed with.

They hold the words of grammar, and of nouns and verbs only common ones that decide how a sentence
is built or what a pronoun may stand for. They hold no subjects of documents, because such a list
would fit some teams' documents only. A word in no list is taken for a thing.
"""

from __future__ import annotations

from collections.abc import Iterable


def either(words: Iterable[str]) -> str:
    """Return a regular expression for one of some words."""
    return f"(?:{'|'.join(sorted(words))})"


BE = frozenset("am is are was were be been being".split())
HAVE = frozenset("has have had".split())
DO = frozenset("do does did".split())
MODAL = frozenset("will would can could may might must shall should cannot".split())
AUXILIARY = BE | HAVE | DO | MODAL
WH = frozenset("what which who whom whose when where why how".split())
PREPOSITION = frozenset(
    "about above across after against along at before behind below beside between beyond by"
    " despite during for from in inside into near of off on onto out outside over per since"
    " than through to toward towards under until up upon via with within without".split()
)
PLACED = frozenset("in on at near inside outside".split())
"""Prepositions of place that may stand for each other: on the bridge, in town."""
CLAUSE = frozenset(
    "if when while because although unless whether whereas once that who which whose where"
    " why how what and or but so".split()
)
"""Words that begin another clause."""
PERSONAL = frozenset(
    "i me my mine you your yours we us our ours myself yourself ourselves it its they them"
    " their theirs he him his she her hers itself themselves himself herself this that these"
    " those there here someone anyone everyone nobody something anything everything nothing"
    " somebody anybody everybody none one".split()
)
POSSESSIVE = frozenset("its their his her".split())
POINTING = frozenset("this that these those".split())
DETERMINER = frozenset(
    "the a an this that these those my your our its his her their each every any some all no"
    " both another".split()
)
ARTICLE = frozenset({"the", "a", "an"})
ADVERB = frozenset(
    "not never always often usually sometimes rarely seldom already still again only also ever"
    " yet soon now then too just even else most more please first together far ahead apart ago"
    " back away alone really actually exactly like".split()
)
LY_NOUNS = frozenset(
    "ally anomaly assembly daily early family friendly monopoly monthly quarterly rally reply"
    " supply weekly yearly".split()
)
"""Words that end like an adverb and are none."""
GRAMMAR = AUXILIARY | WH | PREPOSITION | CLAUSE | PERSONAL | ARTICLE

TYPED = {
    slip: word
    for word, slips in (
        pair.split(":")
        for pair in (
            "what:wat,wht,waht,whta,wath what's:whats,wats that's:thats how's:hows where's:wheres"
            " who's:whos when's:whens which:wich,whcih,whihc when:wehn,whne where:wehre,whre"
            " who:woh why:whay,wyh how:hwo,hoow and:adn,nad about:abt,abuot,aobut the:teh,hte"
            " you:u are:r your:ur please:pls,plz more:mroe,moer same:smae there:ther,tehre"
            " don't:dont doesn't:doesnt didn't:didnt isn't:isnt aren't:arent can't:cant won't:wont"
            " wasn't:wasnt it's:its' meant:ment instead:insted anything:anythng,anyting"
        ).split()
    )
    for slip in slips.split(",")
}
"""Words of grammar as they are mistyped, or written in chats."""
SHORTENED = {
    short: word
    for word, shorts in (
        pair.split(":")
        for pair in (
            "people:ppl,pple week:wk weeks:wks year:yr years:yrs hours:hrs minutes:mins months:mths"
            " month:mth weekend:wknd tomorrow:tmrw,tmrow temperature:temp temperatures:temps"
            " department:dept departments:depts government:govt manager:mgr average:avg"
            " quantity:qty amount:amt message:msg messages:msgs address:addr road:rd"
            " evacuation:evac difference:diff because:bc,cuz,coz"
        ).split()
    )
    for short in shorts.split(",")
}
"""Common words as they are shortened in chats; where a document has the short form, it stays."""

# Common verbs, first those that are hardly ever nouns in a question.
VERBS = frozenset(
    "accept agree allow answer apply approve arrive ask attend become begin believe belong bring"
    " build buy carry choose close come command commit compare contain contribute cover create"
    " decide declare define deliver depend describe die differ discover drive eat elect enforce"
    " exist expect expire explain fail feel fill find follow forbid get give go govern grow happen"
    " hear help hold include inform inspect intervene invent invite join keep kill know lead learn"
    " leave let live lose love maintain make manage matter mean meet oblige occur offer open"
    " operate order oversee own pay pick prepare prevent produce promise protect provide publish"
    " put reach react read receive recommend refuse reject remain rent repair replace reply"
    " represent require revise run say see seem sell send serve settle show sign speak spend stand"
    " start stay stop store support survive take talk teach tell think threaten travel treat try"
    " understand use verify wait want wear weigh win withdraw write involve consist lie".split()
)
ALSO_NOUNS = frozenset(
    "answer approach attack base bid book call cause change charge claim close control cost count"
    " cover damage deal delay demand drive end escort fall fight focus force fund guard hire hold"
    " house impact increase lead lease limit list load look matter mark measure move name need"
    " offer open order own paper park phone plan play position price produce promise question range"
    " rank rate reach rent repair reply report request rest result ride rule run score share ship"
    " show sign stand start stay stock stop store supply support talk test time train transport"
    " travel treat trust try turn use view visit wait want watch wear weight win work".split()
)
IRREGULAR = frozenset(
    "arose ate became began begun bought broke broken brought built came chose chosen cut did done"
    " drew drawn drove driven fell fallen felt found fought forgot gave given went gone got grew"
    " grown had heard held hit hurt kept knew known laid led left lent lost made meant met paid put"
    " read ran rose said sat saw seen sent set shown shut sold spent spoke spoken stood took taken"
    " taught told thought threw understood won withdrew withdrawn wore worn wrote written".split()
)
PREDICATIVE = frozenset(
    "able available better big binding cheap closed cold dangerous dear different equal expensive"
    " far fast fine free full good heavy high important large late likely long low necessary ok"
    " okay old open over popular possible ready safe short similar slow small strong suitable true"
    " valid warm wide".split()
)
IMPERATIVE = frozenset(
    "compare define describe explain find give list name outline show summarise summarize"
    " tell quote".split()
)

SAYING = frozenset(
    "say says said know knows knew think thinks thought mean means believe believes true sure"
    " clear likely possible so such ensure ensures check state states stated promise promised"
    " confirm confirmed claim claimed agree agreed announce announced decide decided report"
    " reported".split()
)
"""After one of these, "that" begins a clause."""
EMPTY_IT = frozenset(
    "true possible necessary allowed permitted safe likely required forbidden legal illegal"
    " important clear known correct right mandatory compulsory advisable ok okay better best"
    " useful usual common hard easy difficult dangerous enough time planned expected decided"
    " said believed agreed".split()
)
"""After one of these, as in "is it true that ...", the pronoun "it" stands for nothing."""
EMPTY_IT_VERBS = frozenset("take takes took cost costs mean means matter seem seems depend".split())
WEATHER = frozenset(
    "snow snows snowing rain rains raining storm storms storming hail hails hailing freeze freezes"
    " freezing thaw thaws thawing pour pours pouring".split()
)
CONDITIONS = frozenset("if when while unless after before because once".split())
NOT_POINTED_AT = frozenset(
    "year month week quarter day morning afternoon evening night season time moment way"
    " document".split()
)
"""After "this" or "that" these nouns mean the present, or the document being read."""

PLURALS = frozenset("people staff men women children police personnel troops media data".split())
NOT_PLURALS = frozenset("news means series headquarters species always this".split())
PERSON_NOUNS = frozenset(
    "adviser advisor ambassador author captain chief citizen colleague commander coordinator"
    " boss child daughter deputy director doctor donor driver employee employer expert father"
    " friend general guard guest head husband kid leader manager mother parent partner son student"
    " teacher tenant treasurer wife"
    " mayor mechanic medic member minister moderator nurse officer official owner participant"
    " passenger patient person pharmacist pilot president secretary soldier speaker spokesman"
    " spokeswoman trainer traveller traveler visitor volunteer warden worker".split()
)
NOT_OF_PERSONS = frozenset(
    "agency army association bank board centre center coalition commission committee company"
    " council couriers depot force forces foundation freight fuels government group haulage"
    " hub institute kingdom logistics ministry mission nations office oil organisation"
    " organization petrol programme rail relief republic service services states store team"
    " trading transport treaty union university agreement bridge street road lane war sea act"
    " plan post island".split()
)
GROUPS = frozenset(
    "army board coalition committee company convoy court crew force government group ministry"
    " office organisation organization party police staff team union unit".split()
)
"""Singular nouns that "they" may stand for: "the force ... they"."""
PLACES = frozenset(
    "airport area base basement border bridge building camp city country depot district field"
    " hospital hotel house hub junction office point port post region room school site square"
    " station stop store town village warehouse yard zone".split()
)
ALIKE = tuple(
    frozenset(words.split(":"))
    for words in (
        "cold:warm:hot small:medium:large:big early:late:night:day half:full:whole new:old:used"
        " inner:outer upper:lower single:double morning:afternoon:evening short:long gross:net"
        " daily:weekly:monthly:yearly:annual internal:external domestic:international"
        " minimum:maximum indoor:outdoor front:back:rear top:bottom left:right cheapest:dearest"
        " oldest:newest smallest:largest shortest:longest lowest:highest first:second:third:last"
        " northern:southern:eastern:western red:blue:green:yellow:black:white"
    ).split()
)
"""Words that tell things of one kind apart: one may take the place of another."""
HOLLOW = frozenset(
    "hour day week month year minute time way kind sort extent amount number place end case thing"
    " example difference stock litre tonne euro kilometre metre percent total own share proportion"
    " portion percentage question detail information".split()
)
"""Measures and fillers: follow-ups seldom refer to them."""
ATTRIBUTES = frozenset(
    "address age aim author budget capacity capital cause code color colour commander cost"
    " date deadline definition deposit destination distance driver duration fee goal head height"
    " leader length limit mandate name owner population price purpose reason result risk"
    " salary size speed status strength supplier temperature term title value weight width".split()
)
"""Nouns that need an owner: "and the cost?" asks for the cost of the conversation's topic."""
RELATIONS = frozenset(
    "advantage alternative benefit cause condition consequence disadvantage downside drawback"
    " effect exception goal limitation member objective option outcome penalty prerequisite reason"
    " requirement responsibility result risk rule side step symptom task".split()
)
"""Nouns that are nothing by themselves: "what are the exceptions?" asks for those of the topic."""
TITLES = frozenset(
    "prime minister president king queen general colonel captain major dr mr mrs ms professor"
    " director chancellor secretary ambassador".split()
)
# Where the adjective is not the name with an ending that a rule could take off.
COUNTRIES = {
    name: adjective
    for pair in (
        "Albania:Albanian Australia:Australian Austria:Austrian Belarus:Belarusian Belgium:Belgian"
        " Bulgaria:Bulgarian Canada:Canadian China:Chinese Croatia:Croatian Cyprus:Cypriot"
        " Denmark:Danish Estonia:Estonian Finland:Finnish France:French Georgia:Georgian"
        " Germany:German Greece:Greek Hungary:Hungarian Iceland:Icelandic India:Indian Iran:Iranian"
        " Ireland:Irish Israel:Israeli Italy:Italian Japan:Japanese Latvia:Latvian"
        " Lithuania:Lithuanian Luxembourg:Luxembourgish Malta:Maltese Moldova:Moldovan"
        " Netherlands:Dutch Norway:Norwegian Poland:Polish Portugal:Portuguese Romania:Romanian"
        " Russia:Russian Serbia:Serbian Slovakia:Slovak Slovenia:Slovenian Spain:Spanish"
        " Sweden:Swedish Switzerland:Swiss Turkey:Turkish Ukraine:Ukrainian Britain:British"
    ).split()
    for name, adjective in [pair.split(":")]
}
COUNTRY_OF = {adjective.lower(): name for name, adjective in COUNTRIES.items()}
COUNTRY_OF.update({name.lower(): name for name in COUNTRIES})
