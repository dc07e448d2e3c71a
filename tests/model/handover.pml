/* A handover between two parties through the gateway, over wires that lose, repeat and delay, with crashes of the
 * gateway before and after its commit. What custody promises, checked in every order things can happen in:
 *
 *   - exactly one holder, always; it changes only after the taker has accepted the very offer that is open
 *   - no open offer without a date; one that nobody answers is escalated, once
 *   - no case closed with nobody; no message counted twice
 *   - the giver lets go only when the taker has the case; nobody is left waiting for a receipt or an answer
 *
 * Run by spin.test.sh. -DSABOTAGE=1..6 breaks the gateway in one way each; every one must be found.
 */
#ifndef SABOTAGE
#define SABOTAGE 0
#endif
#define LOSSES 1
#define REPEATS 1
#define CRASHES 1

mtype:side = { nobody, giver, taker };
mtype:offer = { none, offered, accepted, declined, withdrawn };
mtype:paper = { receipt, refusal, delivery };

/* Messages, by id. Offers and answers come in two rounds: an answer names its offer. */
#define OFFER(round) (round)
#define ACCEPT(round) (2 + (round))
#define DECLINE(round) (4 + (round))
#define CANCEL 6
#define FORGED 7 /* the giver accepts its own offer */
#define CLOSE(side) (8 + (side == taker))
#define MESSAGES 10

/* What the gateway has committed: a crash takes none of it. */
mtype:side holder = giver;
mtype:offer state = none;
byte round = 0; /* the offer that was made last */
bool dated = false, escalated = false, closed = false;
bool counted[MESSAGES];
bool offer_due = false, answer_due = false;
byte answer = 0;

/* What really happened, for the checks alone. */
byte applied[MESSAGES], escalations = 0;
bool said[MESSAGES], let_go = false, took = false, giver_waits = false, taker_waits = false;

byte losses = 0, repeats = 0, crashes = 0;
chan from_giver = [2] of { byte };
chan from_taker = [2] of { byte };
chan to_giver = [1] of { mtype:paper, byte };
chan to_taker = [1] of { mtype:paper, byte };

/* Puts a message on a wire: it arrives, is lost, or arrives and is sent again later. A full wire loses it too. */
inline post(wire, id) {
    if
    :: nfull(wire) -> wire!id
    :: nfull(wire) && repeats < REPEATS -> wire!id; repeats++; if :: nfull(wire) -> wire!id :: full(wire) fi
    :: losses < LOSSES -> losses++
    :: full(wire)
    fi
}

inline reply(wire, what, id) {
    if
    :: nfull(wire) -> wire!what, id
    :: losses < LOSSES -> losses++
    :: full(wire)
    fi
}

/* The rules: custody. One transaction, or nothing. */
inline decide(from, id, allowed) {
    d_step {
        allowed = false;
        if
        :: counted[id] && SABOTAGE != 5 -> allowed = true /* a repeat: the first receipt again */
        :: else ->
            if
            :: closed -> skip
            :: !closed && id <= OFFER(1) && from == giver && holder == giver && state != offered ->
                allowed = true;
                state = offered; round = id; offer_due = true;
                dated = (SABOTAGE != 3); escalated = false; escalations = 0;
                if :: SABOTAGE == 2 -> holder = taker :: else fi
            :: !closed && state == offered &&
                    ((id == ACCEPT(round) && from == taker) || (id == FORGED && SABOTAGE == 1)) ->
                allowed = true;
                state = accepted; holder = taker; answer = id; answer_due = true
            :: !closed && state == offered && id == DECLINE(round) && from == taker ->
                allowed = true;
                state = declined; answer = id; answer_due = true
            :: !closed && state == offered && id == CANCEL && from == giver ->
                allowed = true;
                state = withdrawn; offer_due = false
            :: !closed && state != offered && id == CLOSE(from) && holder == from ->
                allowed = true;
                closed = true;
                if :: SABOTAGE == 4 -> holder = nobody :: else fi
            :: else -> skip
            fi;
            if
            :: allowed -> counted[id] = true; applied[id]++
            :: else
            fi
        fi;
        assert(holder != nobody);
        assert(holder == giver || said[ACCEPT(round)]);
        assert(state != offered || dated);
        assert(applied[id] <= 1);
    }
}

inline take(from, wire, id) {
    if
    :: crashes < CRASHES -> crashes++ /* before the commit: as if it had never come */
    :: decide(from, id, allowed);
        if
        :: crashes < CRASHES -> crashes++ /* after it: committed, and the sender not told */
        :: allowed -> reply(wire, receipt, id)
        :: !allowed -> reply(wire, refusal, id)
        fi
    fi;
    allowed = false;
    id = 0
}

active proctype Gateway() {
    byte id;
    bool allowed;
end:
    do
    :: atomic { from_giver?id -> take(giver, to_giver, id) }
    :: atomic { from_taker?id -> take(taker, to_taker, id) }
    /* A delivery is due until it is known to have arrived; an answer cut off means: again. */
    :: atomic { offer_due && nfull(to_taker) ->
        to_taker!delivery, OFFER(round);
        if :: offer_due = false :: repeats < REPEATS -> repeats++ fi }
    :: atomic { answer_due && nfull(to_giver) ->
        to_giver!delivery, answer;
        if :: answer_due = false :: repeats < REPEATS -> repeats++ fi }
    /* The date has passed. */
    :: state == offered && dated && (!escalated || (SABOTAGE == 6 && escalations < 3)) ->
        d_step { escalated = true; escalations++; assert(escalations <= 1) }
    od
}

active proctype Giver() {
    mtype:paper what;
    byte id, made = 0;           /* offers made */
    byte mine; /* while giver_waits: what the receipt must name */
    bool tried = false; /* one of: cancelling, forging an answer, closing */
end:
    do
    :: atomic { to_giver?what, id ->
        if
        :: what == delivery && id != DECLINE(0) && id != DECLINE(1) ->
            let_go = true;
            assert(holder == taker)
        :: what != delivery && giver_waits && id == mine -> giver_waits = false; mine = 0
        :: else
        fi;
        what = receipt; id = 0 }
    :: atomic { giver_waits && empty(to_giver) -> post(from_giver, mine) } /* until there is a receipt */
    :: atomic { !giver_waits && made < 2 && !let_go -> mine = OFFER(made); made++; giver_waits = true }
    :: atomic { !giver_waits && made > 0 && !tried && !let_go ->
        tried = true;
        giver_waits = true;
        if :: mine = CANCEL :: mine = FORGED :: mine = CLOSE(giver) fi }
    od
}

active proctype Taker() {
    mtype:paper what;
    byte id, mine;
    bool closes = false;
    bool seen[2];
end:
    do
    :: atomic { to_taker?what, id ->
        if
        :: what == delivery && !seen[id] && !taker_waits -> /* delivered again, it is known by its id */
            seen[id] = true;
            if
            :: mine = ACCEPT(id); said[mine] = true; taker_waits = true
            :: mine = DECLINE(id); taker_waits = true
            :: skip /* lets it lie */
            fi
        :: what == receipt && taker_waits && id == mine ->
            taker_waits = false;
            if
            :: mine == ACCEPT(0) || mine == ACCEPT(1) -> took = true; assert(holder == taker)
            :: else
            fi;
            mine = 0
        :: what == refusal && taker_waits && id == mine -> taker_waits = false; mine = 0
        :: else
        fi;
        what = receipt; id = 0 }
    :: atomic { taker_waits && empty(to_taker) -> post(from_taker, mine) }
    :: atomic { !taker_waits && took && !closes -> closes = true; mine = CLOSE(taker); taker_waits = true }
    od
}

/* When nothing more can happen, nothing is left over. */
active proctype Judge() {
end:
    timeout ->
    assert(!offer_due && !answer_due);
    assert(!let_go || took);
    assert(state != accepted || (let_go && took && holder == taker));
    assert(state != offered || escalations == 1);
    assert(!giver_waits && !taker_waits)
}
