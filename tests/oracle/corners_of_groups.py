"""Corners of the contract by hand, continued: groups, transactions, samples. See corners.py."""

from . import corners
from .words import (assign, clock, commit, consumer, deliver, history_of, input_of, producer, refuse, revoke, sample, seek,
                    send, sent, state, topic, within)

C = consumer()
G = consumer(group="g")
G2 = consumer("d", group="g")
P = producer()
TEN = [P, *sent(0, 0, 10)]
READ = [G, assign(0), deliver(0, 0, 10)]

GROUPS = {
    "redelivered_allowed": (history_of(TEN, READ, revoke(), G2, assign(0, "d"), deliver(0, 0, 10, "d")),
                            ["redelivered allowed 0+10"]),
    "redelivered_to_the_same_member_after_a_commit": (
        history_of(TEN, READ, commit(8), revoke(), assign(5), deliver(5, 5, 5)),
        ["redelivered allowed 8+2", "redelivered violation 5+3"]),
    "redelivered_commit_not_surely_before": (
        history_of(TEN, READ, commit(8), revoke(), G2, assign(5, "d"), deliver(5, 5, 5, "d")),
        ["redelivered allowed 5+5"]),
    "redelivered_commit_clock_safely_before": (
        history_of(clock("h"), clock("i"), TEN, consumer(group="g", host="h"), assign(0), deliver(0, 0, 10),
                   commit(8, at=5), revoke(), consumer("d", group="g", host="i"), assign(7, "d", at=9),
                   deliver(7, 7, 3, "d")), ["redelivered allowed 8+2", "redelivered violation 7+1"]),
    "redelivered_sought": (
        history_of(TEN, READ, revoke(), G2, assign(5, "d"), seek(0, "d"), deliver(0, 0, 10, "d")), []),
    "redelivered_after_abort": (
        history_of(TEN, producer("w"), state(1, "aborted", by="w"), G, assign(0),
                   deliver(0, 0, 10, **within(1, "w")), revoke(), G2, assign(0, "d"), deliver(0, 0, 10, "d")), []),
    "redelivered_in_other_group": (
        history_of(TEN, READ, consumer("d", group="h"), assign(0, "d"), deliver(0, 0, 10, "d")), []),
    "resume_beyond": (
        history_of(TEN, G, assign(0), deliver(0, 0, 4), commit(4), revoke(), G2, assign(6, "d"), deliver(6, 6, 4, "d")),
        ["resume-mismatch violation 4+2", "unread undecided 4+2"]),
    "resume_at_unknown_commit": (
        history_of(TEN, G, assign(0), deliver(0, 0, 6), commit(6, "unknown"), revoke(), G2, assign(6, "d"),
                   deliver(6, 6, 4, "d")), []),
    "resume_at_failed_commit": (
        history_of(TEN, G, assign(0), deliver(0, 0, 6), commit(6, "failed"), revoke(), G2, assign(6, "d"),
                   deliver(6, 6, 4, "d")), ["resume-mismatch violation 0+6"]),
    "resume_at_later_commit_of_the_same": (
        history_of(TEN, G, assign(6), deliver(6, 6, 4), commit(10)),
        ["resume-mismatch violation 0+6", "unread undecided 0+6"]),
    "resume_at_log_start": (
        history_of(TEN, sample(log_start=4), G, assign(4), deliver(4, 4, 6)), []),
    "resume_latest": (
        history_of(TEN, consumer(group="g", reset="latest"), assign(6), deliver(6, 6, 4)), ["unread undecided 0+6"]),
    "resume_latest_after_sure_commit": (
        history_of(TEN, consumer(group="g", reset="latest"), assign(0), deliver(0, 0, 4), commit(4), revoke(),
                   assign(6), deliver(6, 6, 4)), ["resume-mismatch violation 4+2", "unread undecided 4+2"]),
    "resume_after_transaction": (
        history_of(TEN, producer("w"), state(1, "commit_asked", "committed", by="w"), G, assign(0),
                   deliver(0, 0, 6, **within(1, "w")), revoke(), G2, assign(6, "d"), deliver(6, 6, 4, "d")), []),
    "resume_after_aborted_transaction": (
        history_of(TEN, producer("w"), state(1, "aborted", by="w"), G, assign(0),
                   deliver(0, 0, 6, **within(1, "w")), revoke(), G2, assign(6, "d"), deliver(6, 6, 4, "d")),
        ["resume-mismatch violation 0+6", "unprocessed undecided 0+6"]),
    "resume_with_seek": (
        history_of(TEN, G, assign(6), seek(6), deliver(6, 6, 4)), ["unread undecided 0+6"]),
    "double_owner": (
        history_of(TEN, consumer(group="g", host="h"), assign(0, at=1), deliver(0, 0, at=2),
                   deliver(1, 1, at=6), consumer("d", group="g", host="h"), assign(0, "d", at=3),
                   deliver(0, 0, 1, "d", at=4), deliver(1, 1, 9, "d", at=8)), ["double-owner violation 1+1"]),
    "not_double_owner_one_after_the_other": (
        history_of(TEN, consumer(group="g", host="h"), assign(0, at=1), deliver(0, 0, 5, at=2), revoke(at=9),
                   consumer("d", group="g", host="h"), assign(5, "d", at=3), deliver(5, 5, 5, "d", at=4), ),
        ["resume-mismatch violation 0+5"]),
}

ASKED = ("begun", "commit_asked", "committed")
TRANSACTIONS = {
    "aborted_read": (history_of(P, send(0, transaction=1), state(1, "abort_asked", "aborted"), C, deliver(0, 0)),
                     ["aborted-read violation 0+1"]),
    "aborted_read_by_read_uncommitted": (
        history_of(P, send(0, transaction=1), state(1, "abort_asked", "aborted"),
                   consumer(isolation="read_uncommitted"), deliver(0, 0)), []),
    "aborted_after_commit_asked_is_proved": (
        history_of(P, send(0, transaction=1), state(1, "commit_asked", "aborted"), C, deliver(0, 0)), []),
    "open_at_end": (history_of(P, send(0, transaction=1), state(1, "begun"), C, deliver(0, 0)),
                    ["uncommitted-read violation 0+1"]),
    "open_without_end_line": (
        history_of(P, send(0, transaction=1), state(1, "begun"), C, deliver(0, 0), end=False), []),
    "abort_asked_only": (history_of(P, send(0, transaction=1), state(1, "abort_asked"), C, deliver(0, 0)),
                         ["uncommitted-read violation 0+1"]),
    "read_before_commit_asked": (
        history_of(producer(host="h"), send(0, transaction=1), state(1, "commit_asked", at=9), state(1, "committed"),
                   consumer(host="h"), deliver(0, 0, at=5)), ["uncommitted-read violation 0+1"]),
    "read_within_its_own_transaction": (
        history_of(P, send(0, transaction=1), state(1, *ASKED), C, deliver(0, 0, **within(1))),
        ["uncommitted-read violation 0+1"]),
    "refused_in_transaction": (
        history_of(P, sent(0, 0, transaction=1), send(1, transaction=1), refuse(1), state(1, *ASKED), C, deliver(0, 0, 2)),
        ["phantom violation 1+1"]),
    "cycle": (
        history_of(P, send(0, transaction=1), state(1, *ASKED), producer("q"), send(0, by="q", transaction=1),
                   state(1, *ASKED, by="q"), C, deliver(0, 0, by="q", **within(1)),
                   consumer("d"), deliver(1, 0, who="d", **within(1, "q"))), ["read-cycle violation"]),
    "no_cycle_if_one_aborted": (
        history_of(P, send(0, transaction=1), state(1, *ASKED), producer("q"), send(0, by="q", transaction=1),
                   state(1, "aborted", by="q"), C, deliver(0, 0, by="q", **within(1)), consumer("d"),
                   deliver(1, 0, who="d", **within(1, "q"))),
        ["aborted-read violation 0+1", "unprocessed undecided 0+1"]),
    "processed_twice": (
        history_of(topic(), P, sent(0, 0, transaction=1), input_of(0, 3), state(1, *ASKED),
                   sent(1, 2, transaction=2), input_of(1, 3), state(2, *ASKED), C, deliver(0, 0), deliver(2, 1)),
        ["processed-twice violation 0+2"]),
    "processed_twice_other_groups": (
        history_of(topic(), P, sent(0, 0, transaction=1), input_of(0, 3), state(1, *ASKED),
                   sent(1, 2, transaction=2), input_of(1, 3), state(2, *ASKED), C, deliver(0, 0), deliver(2, 1),
                   consumer("g1", group="g1"), deliver(3, None, who="g1", partition=1, **within(1)),
                   consumer("g2", group="g2"), deliver(3, None, who="g2", partition=1, **within(2))), []),
    "processed_once_aborted_once": (
        history_of(topic(), P, sent(0, 0, transaction=1), input_of(0, 3), state(1, "abort_asked", "aborted"),
                   sent(1, 2, transaction=2), input_of(1, 3), state(2, *ASKED), C, deliver(2, 1)), []),
}

SAMPLES = {
    "end_back": (history_of(TEN, C, deliver(0, 0, 10), sample(end=12, at=1), sample(end=11, at=2)),
                 ["end-regressed violation"]),
    "end_back_over_lost": (
        history_of(TEN, C, deliver(0, 0, 9), sample(end=10, at=1), sample(end=9, at=2), consumer("z"),
                   deliver(0, 0, 9, "z"), {"event": "audit", "consumer": "z", "topic": "t", "partition": 0, "start": 0,
                                           "end": 9}), ["lost violation 9+1"]),
    "end_back_unclean": (
        history_of(topic(unclean_leader_election=True), TEN, C, deliver(0, 0, 10), sample(end=12, at=1),
                   sample(end=11, at=2)), ["end-regressed allowed"]),
    "log_start_back_unclean": (
        history_of(topic(unclean_leader_election=True), TEN, C, deliver(0, 0, 10), sample(log_start=2, at=1),
                   sample(log_start=1, at=2)), ["end-regressed violation"]),
    "epoch_back_in_samples": (
        history_of(TEN, C, deliver(0, 0, 10), sample(leader_epoch=2, at=1), sample(leader_epoch=1, at=2)),
        ["epoch-regressed violation"]),
    "samples_of_two_hosts_without_clocks": (
        history_of(TEN, C, deliver(0, 0, 10), sample(end=12, at=1, host="h"), sample(end=11, at=2, host="i")), []),
    "end_back_once": (
        history_of(TEN, C, deliver(0, 0, 10), sample(end=15, at=1), sample(end=11, at=2), sample(end=12, at=3)),
        ["end-regressed violation"]),
}

ALL = {**corners.LOSS, **corners.COMPACTED, **corners.IN_LOG, **corners.READER, **GROUPS, **TRANSACTIONS, **SAMPLES}
