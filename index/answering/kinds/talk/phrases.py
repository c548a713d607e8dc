"""The phrases of small talk, by what is replied to them.

They are whole phrases, because single words of talk are words of documents too: "fine", "right".
They are tables of `patterns` of folded words without apostrophes.
"""

from __future__ import annotations

from index.answering.answer import Says
from index.answering.understanding.forms import patterns

_WORDS = dict(
    line.split(": ", 1)
    for line in patterns(
        """
        GOOD: (good|great|nice|cool|fine|awesome|amazing|perfect|excellent|brilliant|fantastic
            |wonderful|lovely|super|superb|helpful|useful|interesting|clear|clever|smart|funny
            |impressive|kind|sweet|correct|right|true|ok|okay|all|enough|it|what i needed
            |what i wanted|exactly it)
        VERY: (so|very|really|quite|pretty|super|just|all|much|more|most|too|truly|absolutely|also)
        YOU: (briefing bot|a tous|there|all|everyone|everybody|team|folks|guys|friends?|bot|robot
            |mate|buddy|again|world)
        TODAY: (today|tonight|this morning|this evening|these days|now|doing)
        BOT: (a |an |the |some kind of |just |only |really |real |actually |even |still )*(bot
            |chatbot|robot|human|human being|person|machine|computer|program|software|ai|llm
            |language model|ghost|chatgpt|gpt|assistant|real|alive|sentient|man|woman
            |people)( or (a |an )*(real )?(bot|chatbot|robot|human|person|machine|computer|ai))*
        THISBOT: (this|the|that|our)( briefing)? (bot|chatbot|thing|assistant|tool|app|channel)
        KNOWLEDGE: (your |its |the |all |this |that |these |those )*(answers?|information|info|facts
            |knowledge|data|replies|quotes?|sources|content)
        """
    )
)
THIS_BOT = _WORDS["THISBOT"]

PHRASES = {
    Says.HELP: patterns(
        """
        what (sort|kind|type)s? of (questions|things|stuff|requests) (can|do|could) you
            (answer|know|handle|do|understand|take)
        (i have|ive got|got|can i ask you) (a |an |another |some |a
            few )?(quick |short )?questions?
        (please )?help( me)?( please| out| out please| menu| page| commands)?
        what( is|s|re| are) your (purpose|job|role|function|task|goal|use|mission)s?
        how to (use|ask|work with) (you|this|questions here)|how to use
        (i )?(need|want|could use) (some |a bit of |your )?help
        (can|could|will|would) you (please )?help( me| us)?( out)?
        (how|what) (can|could|do|would) you (help|assist)( me| us| with)*
        what ((else )?(can|could|do|are) you|you can|all can you)
            (able to )?do( for (me|us)| here)?
        what (are you good|are you|is this|are you here|is (this|the) bot) (good )?for
        what (else |sort of things |kind of things |things |questions |kind of
            questions |all )?(can|could|may|should|do) (i|we) ask( you| here)?( about)?
        how (do|can|should|does) (i|we|one) (use|ask|talk to|work with|query) (you|THISBOT)
        how (do|can|should) (i|we) ask (you )?(a |an )?questions?
        (show|list|tell)( me)? (all |your |the )*(commands|options|features|abilities)
        (which|what)( are (the|your))? (commands|features|abilities|skills
            |capabilities)( (are there|do you have|do you know|can i use|exist))?
        commands|usage|instructions please|your capabilities
        what do you (know|do)( here)?
        (do|can) you (speak|understand|know) (german|french|spanish|norwegian|swedish|ukrainian
            |polish|italian|other languages|any other language|my language|english)
        (which|what) languages? (do|can) you (speak|understand|know)
        i (do not|dont) know (how to use (you|this)|what to (ask|do))
        hilfe|ayuda|aide moi|hjelp|hjalp|apua|pomocy
        was kannst du( (alles|denn|so|noch|hier|fur (mich|uns)|tun|machen))*
        (womit|wie|wobei) kannst du (mir|uns)( denn)? helfen|wie (benutze|nutze|verwende) ich dich
        (kannst|konntest) du (mir|uns)( bitte| mal)? helfen|hilf (mir|uns)( bitte)?|hilfe bitte
        (ich )?(brauche|benotige) (deine |etwas |mal )?hilfe
        was kann (ich|man) (dich|hier)( alles)? fragen
        (sprichst|verstehst|kannst) du (auch )?(deutsch|englisch|norwegisch)
        hva kan du( (gjore|hjelpe (meg|oss) med|hjelpe til med|for (meg|oss)|egentlig))*
        hva kan (jeg|vi|man) sporre( deg)?( om)?|hvordan (bruker|spor) (jeg|vi|man) (deg|denne)
        kan du( vaere sa snill a)? hjelpe( (meg|oss))?( litt)?
        hjelp( meg| oss)?( takk| er du snill)?
        (jeg |vi )?trenger( litt)? hjelp|(snakker|forstar|kan) du (norsk|engelsk|tysk)
        """,
        _WORDS,
    ),
    Says.WHO: patterns(
        """
        what (sort|kind|type) of (a )?(bot|chatbot|robot|thing|ai|machine|program) are you
        who is (behind|responsible for|in charge of) you
        (so |but |and )?(who|what)( exactly| the hell| on earth)? (are|is)
            you( exactly| anyway| then)?
        who is this
        (who|what) (is|are) THISBOT
        (what is|whats|tell me|say) your name
        what (do|should|can|shall) (i|we) call you|do you have a name
        are you BOT
        is (this|there) (an? )?(real |actual )*(bot|chatbot|robot|human|ai|llm
            |chatgpt)( (here|behind (this|it)|answering))*
        (am i|are we) (talking|speaking|chatting|writing) (to|with) BOT
        who(m)? (am i|are we) (talking|speaking|chatting|writing) (to|with)
        (youre|you are) BOT
        (please )?introduce yourself( please)?
        (please )?tell (me|us) (something |a bit |a little |more )?about yourself
        who (made|built|created|wrote|programmed|developed|runs|owns|designed|invented) you
        who (made|built|created|wrote|programmed|developed|runs) THISBOT
        where are you from|how old are you|where do you live|do you have (feelings|a soul)
        wer bist du|quien eres|qui es tu|hvem er du|vem ar du|kim jestes
        (wer|was) bist du( (denn|eigentlich|uberhaupt))*|(wie heisst du|wie ist dein name)( denn)?
        bist du (ein |eine )?(echter? )?(mensch|bot|roboter|maschine|ki|computer|person)
        (wer|was) ist (dieser|der) bot|wer hat dich (gemacht|gebaut|programmiert|entwickelt)
        (hvem|hva) er du( egentlig| for noe)?
        er du (et |en )?(ekte )?(menneske|bot|robot|maskin|person)
        hva heter du|hva er navnet ditt|hvem er (denne|dette)( boten)?|hvem (laget|lagde|bygde) deg
        """,
        _WORDS,
    ),
    Says.HOW: patterns(
        """
        how do you (search|reply|think|learn|read
            |find (me |us )?(things|documents|passages))( (the|our|for|in|all|through|answers
            |documents|files|questions))*
        do you (save|store|log|record|keep|remember|share|read|send|track)
            (all |everything |what )?(my|our|the|we|i|me
            |us)( (questions?|messages?|data|say|ask|chats?|conversations?))?
        (so |and )?how do you (work|function|operate|do (it|that|this))( exactly| then)?
        how does THISBOT (work|function|answer|find things)
        (please )?explain how you work
        how (do|did|can) you (find|get|know|choose|make|produce|come up with|generate)
            (KNOWLEDGE|things|all that|all this|everything|so much)
        how do you (answer( questions| me| us)?|know( things)?|decide what to (say|show))
        (where|from where) do(es)? (you|THISBOT) (get|take|have|find|pull|draw)
            (KNOWLEDGE( from)?|(it|this|that|all this|everything) from)
        where (do|does|did|is|are) your KNOWLEDGE (come |coming )?from
        (what|which) (is|are) (your )(KNOWLEDGE|source)
        what (is|are) your KNOWLEDGE based on
        what (are you|is this|do you) (based|base (your answers|this|that)) on
        (what|which) (sources|data|model|ai|llm|technology|language model) (do|are) you
            (use|using|run on|have|based on|running on|search|look at)
        (do|are) you (use|using|based on|powered by|run on)
            (an? |any )?(ai|chatgpt|gpt|llm|language model|the internet|google|machine learning)
        (do|can|could|would|are) you (ever |just |sometimes |always )?(make things up
            |make (stuff|it|this) up|lie|lying|hallucinate|guess|guessing|make mistakes
            |making things up|search the (web|internet)|google|access the internet
            |learn from (me|us|this)|remember (me|us|things|what i say|what i said)
            |store (my|our) questions)
        (can|should|may) (i|we) (trust|rely on|believe) you(r answers)?
        how (accurate|reliable|good|smart|clever|trustworthy|sure) are (you|your answers)
        are you (reliable|accurate|always (right|correct)|trustworthy|safe to use)
        wie (funktionierst|arbeitest) du( (denn|eigentlich))?
        wie funktioniert (das|dieser bot)( hier)?
        woher (weisst|hast) du das( alles)?|woher (kommen|hast du) deine (antworten|informationen)
        hvordan (fungerer|virker|jobber) (du|dette|boten)( egentlig)?
        hvor (har|far|tar) du (det|dette|svarene|svarene dine) fra|hvor kommer svarene( dine)? fra
        """,
        _WORDS,
    ),
    Says.NO_MATTER: patterns(
        """
        (i am |im |oh |oops )*VERY? ?(sorry|sry)( about (that|this)| for
            (that|this|the (confusion|trouble|typo|delay|noise|question|spam))| to
            bother( you)?| my (bad|mistake|fault))?
        my (bad|mistake|apologies|fault)|oops+|ooops|whoops|apologies|i apologi[sz]e
        pardon( me)?|excuse me|forgive me|i take that back|that was (my (fault|mistake|bad))
        (sorry )?(wrong (channel|chat|window|room|thread)
            |that was (not )?meant for (you|someone else)|ignore (that|me|this)( please)?)
        entschuldigung|perdon|lo siento|desole|beklager|forlat|anteeksi|przepraszam
        (oh )?tut mir leid|verzeihung|entschuldige( bitte)?|mein fehler|falscher (kanal|chat)
        unnskyld( meg)?|min feil|feil kanal
        """,
        _WORDS,
    ),
    Says.APOLOGY: patterns(
        """
        (that|this|it) ((did|does|is|was|has)( ?not|nt)( very| really| at all| been)*)
            (help(ful|ed)?|useful|good|work|working|what i (asked|meant|wanted|need(ed)?)|right
            |correct|it)( me)?( at all)?
        not (very |really |at all )*(helpful|useful|good)|useless|rubbish|nonsense|garbage
        bullshit|what (a|utter) (nonsense|rubbish)|terrible|awful|lame
        (bad|stupid|dumb|silly|useless|terrible|idiot) (bot|answer|thing|machine|robot)
        you (are|re) (VERY )*(a )?(useless|stupid|dumb|bad|terrible|wrong|no help|annoying
            |idiot|hopeless|slow)
        youre (so |very |really )*(useless|stupid|dumb|bad|terrible|wrong|no help|annoying)
        i (hate|dislike) (you|this bot)
        you (suck|dont understand( me)?|do not understand( me)?|know nothing|got it wrong
            |didnt (help|answer)( me| my question)?|never help)
        das (stimmt|hilft|passt|war|ist) (mir |so |leider )*nicht( (richtig|hilfreich))?
        das (ist|war) falsch
        det (stemmer|hjelper|var|er) (meg )?ikke( (riktig|nyttig|til hjelp))?|det (er|var) feil
        """,
        _WORDS,
    ),
    Says.THANKS: patterns(
        """
        merci (bien|bcp|a (toi|vous|tous))|danke dir|danke ihnen|mil gracias|tack tack
        (ok |many |lots of |a thousand |big |huge |no |so )?(thanks|thx|thank you|thankyou|tnx
            |thnx|thanx|thks|ty|tysm|tyvm|tyty|thnks|thaks|cheers|ta|kudos
            |props)( (a|so|very|lot|lots|bunch|ton|tons|million|much|kindly|again|indeed|you|in
            |advance|to you|YOU))*
        (i |we )?(VERY )*(much |highly |greatly )?appreciated?( (it|that|this|your help
            |the help|all your help|the quick (reply|answer)))?
        (good|great|nice|excellent|amazing|awesome|fantastic) (bot|job|work|answers?)
        well done|bravo|good on you|nicely done|you (rock|legend|star|hero|genius)
        (you are|youre) (VERY )*(a |an |the )*(GOOD|star|genius|legend|best|life ?saver|hero
            |rock)( bot)?
        (that|this|it)( has| was| is| has been|s)?( been)?
            (VERY )*(of )?(a )?(great |big |huge )?help(s|ed|ful)?( me)?( a lot| a bit)?
        i (love|like) (you|it|this bot|that|this)
        danke( schon| sehr)?|vielen dank|merci( beaucoup)?|(muchas )?gracias|(mille )?grazie
        obrigad[oa]|tack (sa mycket|ska du ha)|tusen takk?|takk( skal du ha)?|tak skal du have
        mange takk?|kiitos|dziekuje|dzieki|dank (je|u)( wel)?|bedankt|spasibo|dyakuyu|diakuiu
        спасибо|дякую|дуже дякую|teşekkurler|arigato|shukran|efharisto|dekuji|hvala|mulțumesc
        aitah
        (besten|herzlichen|tausend|lieben) dank( (auch|dir|euch|ihnen))?|ich danke (dir|euch|ihnen)
        danke (vielmals|auch|nochmals|euch)|(tusen|hjertelig|mange) (hjertelig )?takk
        takk (sa mye|igjen|for (hjelpen|svaret|det|info))
        """,
        _WORDS,
    ),
    Says.FAREWELL: patterns(
        """
        (good ?bye|bye( bye)?|byebye)( for now)?|cya|ttyl|tty[sl]|laters|farewell|gn|so long
        toodles|over and out|signing off|logging off|adios|ciao|tschuss|tschu|auf wiedersehen
        au revoir|arrivederci|ha det( bra)?|hej da|do widzenia|do pobachennya|до побачення
        до свидания|tot ziens|hasta (luego|la vista|manana)|nakemiin|vi ses|vi snakkes
        (good|have a good) ?night( YOU)?
        (see|catch|talk to|speak to|cu|c) (you|ya)( (all|later|soon|tomorrow|around|then|guys
            |next (week|time)|on monday|again))*
        take care|until next time|until (tomorrow|then|later)|till (tomorrow|later)
        (have|enjoy) (a |your |the )(very )?(nice |good |great |lovely |pleasant |safe )*(rest
            of (the|your) )?(day|evening|weekend|one|night|trip|time|afternoon|week)( YOU)?
        ((ive|i have|i|we) )?(got to|gotta|must|have to|need to|should) (go|run|leave)( now)?
        (im|i am) (off|leaving|done( for (today|now))?|heading (out|home))( now| then)?
        bis (bald|spater|dann|morgen|nachste woche)|(gute|schone) nacht
        schon(en|es) (tag|abend|feierabend
            |wochenende)( noch)?|wir sehen uns
        ha en (fin|god) (dag|kveld|helg|uke)|god (natt|helg)|snakkes|ha det sa bra
        """,
        _WORDS,
    ),
    Says.GREETING: patterns(
        """
        (oh |well |and )?(hi|hello|hey|heya|hiya|hullo|hallo|yo|howdy|greetings|salutations
            |aloha|ahoy|helo|hllo|hii|hay there|hola|bonjour|bonsoir|salut|salam|namaste|moin
            |servus|gruezi|hei|hej|heisann|halla|ciao ciao|czesc|dzien dobry|pryvit|привет
            |привіт|здравствуйте|добрий день|добрый день|guten (tag|morgen|abend)
            |god (morgon|morgen|dag|kveld|kvall|aften)|goedemorgen|goedendag|hoi|buenos dias
            |buenas( tardes| noches)?|buongiorno|bom dia|ola|terve|moi|merhaba|shalom)( YOU)*
        (a )?(very )?(good|gud) (morning|day|afternoon|evening)( to you)?( YOU)*
        (morning|mornin|gm|gday|top of the morning)( to you)?( YOU)*
        (so |and )?how (are|is|r) (you|things|it going|everything|everyone|your day
            |life)( going)?( TODAY| YOU)*
        (hows|how is) (it|things|everything|life|your day)( (going|TODAY))*
        (whats|what is|wats|wazz|wass)( ?up| new with you| happening)|sup|wassup|whatsup|wazzup
        how (do you do|have you been|was your (day|weekend))
        (nice|good|great|pleased|happy|lovely) (to (meet|see) you|seeing you)( (too|again))?
        (are you|(is )?any(one|body)|you|who is|hello)
            (still )?(there|here|awake|online|home|working|around|up|ready|alive)( bot)?
        ping|test(ing)?( (test(ing)?|1 2( 3)?|one two( three)?))*|this is a test|just testing
        can you (hear|read|see) me
        welcome back|im (back|new( here)?)|i am (back|new here)|its me( again)?|im here
        tell me a (joke|story)|sing (me )?a song
        (happy|merry) (new year|christmas|easter|holidays|birthday|friday
            |monday)( to you)?( YOU)*
        (hallo|hi|moin|servus) (zusammen|leute|alle|du|bot)|gru(ss|ess) (gott|dich)
        (guten|schonen) mittag
        wie (gehts|geht es)( (dir|euch|ihnen|so|denn|heute))*|hei (pa deg|alle( sammen)?|der)
        god ettermiddag
        (hvordan|korleis) (gar det|har du det)( med deg| i dag)?|star til
        """,
        _WORDS,
    ),
    Says.AGREEMENT: patterns(
        """
        ok|okay|oki|okey|okie|okey dokey|okie dokie|okeydokey|oke|kk?|k|okok|alright|allright
        all right|aight|very well|(all |very )?(good|clear)|gotcha|understood|noted
        roger( that)?|copy that|acknowledged|ack|affirmative|will do|done|sure( thing)?
        of course|certainly|absolutely|definitely|exactly|precisely|indeed|agreed|true|right
        correct|fine|yes|yep|yeah|yea|yup|ja|jep|jo|oui|si|tak|так|ага|da|no|nope|nah|nay|nein
        non|not really|not now|maybe|perhaps|whatever|never ?mind|nvm|forget (it|about it)
        nothing|no worries|no problem( at all)?|(and )?you too|same to you|likewise|np|no need
        dont worry|youre welcome|you are welcome|yw|de rien|bitte|klar|genau|alles klar|vale
        d'accord|daccord|va bene|voila
        cool|great|nice|perfect|awesome|amazing|excellent|brilliant|fantastic|wonderful|lovely
        super|superb|sweet|neat|wow|whoa|woah|wow nice|wonderbar|wunderbar|super duper
        impressive|interesting|fascinating|funny|dope|epic|splendid|marvellous|terrific|fab
        good stuff|hooray|hurray|yay|woohoo|woo|bingo|bam|boom|omg|oh my god|damn|wtf
        lol|lmao|rofl|(ha){2,}h?|(he){2,}h?|hihi|xd|haha|ha|heh|jaja(ja)*
        oh|ah|aha|ahh?|uh huh|mm+|hm+|mhm|huh|ohh?|ooh|aww?|oh wow|phew|meh|ugh|um+|uh|er
        i (see|understand|get it|got it|know( that)?|agree|guess( so)?|think so|hope so
            |suppose( so)?|thought so)
        got (it|that|you)|makes( perfect| total)? sense
        (that|it) (makes|made)( perfect| total| a lot of)? sense|fair (enough|point)|sounds GOOD
        (looks|seems|works) GOOD|works for me|good to (know|hear)|point taken
        good (point|question|idea|call|thing)|as (expected|i thought)|im (good|fine|ok|okay)
        let me (think|see|check)( about it)?|one (moment|second|sec)|brb
        just a (moment|second|sec)|now i (get it|see|understand)|so it is|thats what i thought
        just kidding|jk
        (thats|that is|that was|this is|this was|its|it is|it was)
            (VERY )*(a |an |the )?GOOD( (answer|news|idea|one|to (know|hear)|thing|point
            |stuff))?
        (nice|great|good|cool|awesome) (one|stuff|news|thing)
        (that )?answers (my|the) question
        (thats|that is|that was|that will be) (it|all
            |everything)( (for (now|today|me)|from me|i (need|needed|wanted)( to know)?))?
        sehr gut|prima|klasse|perfekt|verstanden|stimmt|richtig|ach so|in ordnung|kein problem
        gern(e)?
        keine ursache|gern geschehen|passt|jawohl|schon gut|(das )?ist (ok|okay|gut|klar)|so ist es
        flott|kult|greit|den er grei|skjonner|forstatt|(ikke )?noe problem|bare hyggelig
        stemmer|joda
        selvfolgelig|absolutt|nei|supert|kjempebra|helt greit|det er (bra|fint|greit|ok)
        alt (bra|klart)
        """,
        _WORDS,
    ),
}
TO_THE_END = {
    Says.THANKS: patterns(
        r"""
        (takk|tusen takk|mange takk|danke|vielen dank|merci|gracias|grazie|tack|dziekuje
            |kiitos) (for|fur|pour|por|per|za) (\w+ ?){1,4}
        (many |big |lots of |ok )?(thanks|thank you|thx|cheers|ty|i appreciate
            |kudos)( a lot| so much| very much| (so )?(very )?much)?
            for(?! (what|which|who|whom|when|where)\b)( \w+){1,7}
        i appreciate (your|the|all|that|this)( \w+){1,4}
        """,
        _WORDS,
    ),
    Says.HOW: patterns(
        """
        how (do|did|can) you (find|get|know) (this|that|all this|all that|it)( stuff)?
        """,
        _WORDS,
    ),
    Says.AGREEMENT: patterns(
        r"""
        (thats|that is|that was|this was) (VERY )*(?!wrong|incorrect|false|not|untrue|why|when
            |where|what|how|who|it)[a-z]+
        (how|what an?) (VERY )*GOOD( \w+)?
        """,
        _WORDS,
    ),
}
"""Those that only count where they reach the end of their clause, and no "?" is there."""
