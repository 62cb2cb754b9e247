"""Corners of the contract by hand: name -> (history, the findings that the text demands).

A finding is written "kind severity first-sequence+count" (of the first run of messages; nothing where there is none).
Both judges are held against these: test_corners.py the slow one, compare.py each against the other.
"""

from .words import (ack, assign, audit, clock, commit, consumer, deliver, fault, history_of, producer, refuse, revoke,
                    sample, seek, send, sent, state, topic, within)

C = consumer()
G = consumer(group="g")
G2 = consumer("d", group="g")
P = producer()
RAW = consumer(isolation="read_uncommitted")
TEN = [P, *sent(0, 0, 10)]

LOSS = {
    "lost_passed": (history_of(TEN, C, assign(0), deliver(0, 0, 4), deliver(5, 5, 5)), ["lost violation 4+1"]),
    "lost_another_record_at_its_offset": (
        history_of(P, sent(0, 0, 2), C, deliver(0, 0), deliver(1, None)),
        ["lost violation 1+1", "offset-conflict violation 1+1"]),
    "lost_offset_not_told": (history_of(P, sent(0, 0), send(1), ack(1, None), audit(0, 1, (0, 0))),
                             ["lost violation 1+1"]),
    "unread_offset_not_told_audit_not_from_zero": (
        history_of(P, send(0), ack(0, None), sent(1, 6), audit(5, 7, (6, 1))), ["unread undecided 0+1"]),
    "excused_below_audit_start": (history_of(TEN, audit(4, 10, (4, 4, 6))), []),
    "excused_below_sampled_log_start": (history_of(TEN, sample(log_start=4), C, assign(0), deliver(4, 4, 6)), []),
    "lost_seek_jumps_on_purpose": (history_of(TEN, C, assign(0), deliver(0, 0), seek(8), deliver(8, 8, 2)),
                                   ["unread undecided 1+7"]),
    "lost_not_across_revoke": (
        history_of(TEN, C, assign(0), deliver(0, 0, 4), revoke(), assign(6), deliver(6, 6, 4)),
        ["unread undecided 4+2"]),
    "lost_passed_by_position_of_second_assign": (
        history_of(TEN, C, assign(8), assign(0), deliver(8, 8, 2)), ["lost violation 0+8"]),
    "loss_allowed_acks_1": (
        history_of(producer(acks="1"), sent(0, 0, 3), audit(0, 2, (0, 0, 2))), ["lost allowed 2+1"]),
    "loss_allowed_unclean": (
        history_of(topic(unclean_leader_election=True), P, sent(0, 0, 3), audit(0, 2, (0, 0, 2))), ["lost allowed 2+1"]),
    "loss_by_kill_with_thin_topic_is_not_allowed": (
        history_of(topic(min_insync_replicas=1), fault("active", "reverted"), P, sent(0, 0, 3), audit(0, 2, (0, 0, 2))),
        ["lost violation 2+1"]),
    "loss_by_power_off_with_thin_topic_is_allowed": (
        history_of(topic(min_insync_replicas=1), fault("active", "reverted", kind="power-off"), P, sent(0, 0, 3),
                   audit(0, 2, (0, 0, 2))), ["lost allowed 2+1"]),
    "planned_power_off_allows_nothing": (
        history_of(topic(min_insync_replicas=1), fault("planned", kind="power-off"), P, sent(0, 0, 3),
                   audit(0, 2, (0, 0, 2))), ["lost violation 2+1"]),
    "corrupt_record_is_not_lost": (
        history_of(P, sent(0, 0, 3), C, deliver(0, 0), deliver(1, 1, intact=False), deliver(2, 2)),
        ["corrupt violation 1+1"]),
    "vanished": (history_of(TEN, C, deliver(0, 0, 10), audit(0, 8, (0, 0, 8))), ["vanished violation 8+2"]),
    "vanished_unknown": (history_of(P, send(0), sent(1, 1), C, deliver(0, 0, 2), audit(0, 2, (1, 1))),
                         ["vanished violation 0+1"]),
    "misrouted_is_not_lost": (
        history_of(topic(), P, sent(0, 0, 2), C, deliver(0, 0),
                   deliver(7, 1, partition=1, target={"topic": "t", "partition": 0}), audit(0, 1, (0, 0))),
        ["misrouted violation 1+1"]),
    "torn": (history_of(P, sent(0, 0, 2, transaction=1), state(1, "commit_asked", "committed"), audit(0, 3, (0, 0))),
             ["torn-transaction violation 1+1"]),
    "lost_whole_transaction": (
        history_of(P, sent(0, 0, 2, transaction=1), state(1, "commit_asked", "committed"), audit(0, 3)),
        ["lost violation 0+2"]),
    "torn_proved": (
        history_of(P, sent(0, 0, 2, transaction=1), state(1, "commit_asked", "unknown"), audit(0, 3, (0, 0))),
        ["torn-transaction violation 1+1"]),
    "unproved_by_read_uncommitted": (
        history_of(P, sent(0, 0, 2, transaction=1), state(1, "commit_asked", "unknown"), RAW, deliver(0, 0),
                   audit(0, 3)), []),
}

KEYED = topic(cleanup_policy="compact")
COMPACTED = {
    "replaced_at_higher_offset": (
        history_of(KEYED, P, sent(0, 0, key="k"), sent(1, 1, key="k"), audit(0, 2, (1, 1))), []),
    "not_replaced_by_another_key": (
        history_of(KEYED, P, sent(0, 0, key="k"), sent(1, 1, key="l"), audit(0, 2, (1, 1))), ["lost violation 0+1"]),
    "last_of_its_key_is_lost": (
        history_of(KEYED, P, sent(0, 0, key="k"), sent(1, 1, key="k"), audit(0, 2, (0, 0))), ["lost violation 1+1"]),
    "replaced_by_sequence": (
        history_of(KEYED, P, send(0, key="k"), ack(0, None), sent(1, 1, key="k"), audit(0, 2, (1, 1))), []),
    "not_replaced_by_lower_sequence": (
        history_of(KEYED, P, sent(0, 0, key="k"), send(1, key="k"), ack(1, None), audit(0, 2, (0, 0))),
        ["lost violation 1+1"]),
    "may_be_replaced_order_not_promised": (
        history_of(KEYED, producer(idempotence=False), send(0, key="k"), ack(0, None), sent(1, 1, key="k"),
                   audit(0, 2, (1, 1))), ["unread undecided 0+1"]),
    "may_be_replaced_by_unknown": (
        history_of(KEYED, P, sent(0, 0, key="k"), producer("q"), send(0, by="q", key="k"), audit(0, 1)),
        ["unread undecided 0+1"]),
    "replaced_before_it_was_read_again": (
        history_of(KEYED, P, sent(0, 0, key="k"), sent(1, 1, key="k"), C, deliver(0, 0), audit(0, 2, (1, 1))), []),
    "refused_replaces_nothing": (
        history_of(KEYED, P, sent(0, 0, key="k"), send(1, key="k"), refuse(1), audit(0, 1)), ["lost violation 0+1"]),
}

IN_LOG = {
    "duplicated_by_two_deliveries": (
        history_of(P, sent(0, 0, 2), C, deliver(0, 0, 2), deliver(2, 1)), ["duplicated violation 1+1"]),
    "duplicated_by_ack_and_delivery": (history_of(P, sent(0, 0), C, deliver(3, 0)), ["duplicated violation 0+1"]),
    "wrong_ack": (history_of(P, sent(0, 0), C, assign(0), deliver(3, 0)), ["wrong-ack-offset violation 0+1"]),
    "wrong_ack_without_idempotence_is_duplicated": (
        history_of(producer(idempotence=False), sent(0, 0), C, assign(0), deliver(3, 0)), ["duplicated allowed 0+1"]),
    "wrong_ack_at_offset_of_another": (
        history_of(P, sent(0, 0), send(1), ack(1, 0), C, assign(0), deliver(0, 0, 2)),
        ["wrong-ack-offset violation 1+1"]),
    "conflict_of_two_readers": (
        history_of(P, send(0, 2), C, deliver(0, 0), consumer("d"), deliver(0, 1, who="d")),
        ["offset-conflict violation 0+1"]),
    "conflict_allowed_with_unclean_election": (
        history_of(topic(unclean_leader_election=True), P, send(0, 2), C, deliver(0, 0), consumer("d"),
                   deliver(0, 1, who="d")), ["offset-conflict allowed 0+1"]),
    "no_conflict_with_an_ack_that_may_be_lost": (
        history_of(producer(acks="1"), sent(0, 0), producer("q"), send(0, by="q"), C, deliver(0, 0, by="q")),
        ["lost allowed 0+1"]),
    "conflicts_in_a_row_are_one": (
        history_of(P, send(0, 3), producer("q"), send(5, 3, by="q"), C, deliver(0, 0, 3), consumer("d"),
                   deliver(0, 5, 3, who="d", by="q")), ["offset-conflict violation 0+3"]),
    "reordered": (history_of(P, send(0, 2), C, deliver(0, 1), deliver(1, 0)), ["reordered violation 0+1"]),
    "reordered_allowed_in_flight": (
        history_of(producer(idempotence=False), send(0, 2), C, deliver(0, 1), deliver(1, 0)), ["reordered allowed 0+1"]),
    "reordered_one_in_flight": (
        history_of(producer(idempotence=False, max_in_flight=1), send(0, 2), C, deliver(0, 1), deliver(1, 0)),
        ["reordered violation 0+1"]),
    "reordered_one_in_flight_nobody_passed_below": (
        history_of(producer(idempotence=False, max_in_flight=1), send(0, 2), C, deliver(5, 1), deliver(6, 0)),
        ["reordered allowed 0+1"]),
    "reordered_lossy_needs_one_reader": (
        history_of(producer(acks="1", idempotence=True), send(0, 2), C, deliver(1, 0), consumer("d"),
                   deliver(0, 1, who="d")), []),
    "reordered_lossy_one_reader": (
        history_of(producer(acks="1", idempotence=True), send(0, 2), C, deliver(0, 1), deliver(1, 0)),
        ["reordered violation 0+1"]),
    "phantom_refused": (history_of(P, send(0), refuse(0), C, deliver(0, 0)), ["phantom violation 0+1"]),
    "phantom_before_sent": (
        history_of(producer(host="h"), send(0, at=9), consumer(host="h"), deliver(0, 0, at=5)), ["phantom violation 0+1"]),
    "not_phantom_without_clock": (
        history_of(producer(host="h"), send(0, at=9), consumer(host="i"), deliver(0, 0, at=5)), []),
    "phantom_with_clocks": (
        history_of(clock("h", 0, 1), clock("i", 0, 1), producer(host="h"), send(0, at=9), consumer(host="i"),
                   deliver(0, 0, at=6)), ["phantom violation 0+1"]),
    "not_phantom_within_error": (
        history_of(clock("h", 0, 1), clock("i", 0, 2), producer(host="h"), send(0, at=9), consumer(host="i"),
                   deliver(0, 0, at=6)), []),
    "realtime": (
        history_of(producer(host="h"), send(0), ack(0, 1, at=5), producer("q", host="h"), send(0, by="q", at=8), C,
                   deliver(0, 0, by="q"), deliver(1, 0)), ["realtime-reordered violation 0+1"]),
    "realtime_not_with_acks_0": (
        history_of(producer(host="h", acks="0"), send(0), ack(0, 1, at=5), producer("q", host="h"),
                   send(0, by="q", at=8), C, deliver(0, 0, by="q"), deliver(1, 0)), []),
}

READER = {
    "skipped": (history_of(TEN, C, deliver(0, 0, 2), deliver(4, 4, 6), audit(0, 10, (0, 0, 10))),
                ["skipped violation 2+2"]),
    "skipped_then_vanished_is_vanished": (
        history_of(TEN, C, deliver(0, 0, 10), audit(0, 10, (0, 0, 4), (5, 5, 5))), ["vanished violation 4+1"]),
    "rewound": (history_of(TEN, C, deliver(0, 0, 10), deliver(6, 6, 2)), ["rewound violation 6+1"]),
    "rewound_same_offset": (history_of(TEN, C, deliver(0, 0, 10), deliver(9, 9)), ["rewound violation 9+1"]),
    "not_rewound_after_seek": (history_of(TEN, C, deliver(0, 0, 10), seek(6), deliver(6, 6, 2)), []),
    "rewound_despite_second_assign": (
        history_of(TEN, C, assign(0), deliver(0, 0, 10), assign(6), deliver(6, 6, 2)), ["rewound violation 6+1"]),
    "not_rewound_over_truncation": (
        history_of(topic(unclean_leader_election=True), TEN, producer("q"), sent(0, 8, by="q"), C, deliver(0, 0, 10),
                   deliver(8, 0, by="q")), ["offset-conflict allowed 8+1"]),
    "owed_and_come_back": (
        history_of(TEN, producer("w"), state(1, "begun", "abort_asked", "aborted", by="w"), C,
                   deliver(0, 0, 5, **within(1, "w")), deliver(0, 0, 10)), []),
    "owed_and_not_come_back": (
        history_of(TEN, producer("w"), state(1, "begun", "abort_asked", "aborted", by="w"), C,
                   deliver(0, 0, 5, **within(1, "w")), deliver(5, 5, 5)), ["skipped violation 0+5"]),
    "owed_come_back_too_high": (
        history_of(TEN, producer("w"), state(1, "aborted", by="w"), C, deliver(0, 0, 5, **within(1, "w")),
                   deliver(3, 3, 7)), ["skipped violation 0+3"]),
    "owed_unknown_may_do_either": (
        history_of(TEN, producer("w"), state(1, "commit_asked", by="w"), C, deliver(0, 0, 5, **within(1, "w")),
                   deliver(5, 5, 5)), ["unprocessed undecided 0+5"]),
    "unprocessed": (
        history_of(TEN, producer("w"), state(1, "aborted", by="w"), C, deliver(0, 0, 10, **within(1, "w"))),
        ["unprocessed undecided 0+10"]),
    "epoch_back": (history_of(TEN, C, deliver(0, 0, 5, leader_epoch=2), deliver(5, 5, 5, leader_epoch=1)),
                   ["epoch-regressed violation 5+1"]),
    "commit_ahead": (history_of(TEN, G, assign(0), deliver(0, 0, 4), commit(6), deliver(4, 4, 6)),
                     ["commit-ahead violation 4+2"]),
    "commit_ahead_only_the_answer_counts": (
        history_of(TEN, G, assign(0), deliver(0, 0, 4), commit(6, "asked"), deliver(4, 4, 6), commit(6)), []),
    "commit_ahead_failed": (
        history_of(TEN, G, assign(0), deliver(0, 0, 4), commit(6, "failed"), deliver(4, 4, 6)), []),
    "commit_after_revoke": (
        history_of(TEN, G, assign(0), deliver(0, 0, 4), revoke(), commit(6), assign(6), deliver(6, 6, 4)),
        ["commit-ahead violation 4+2", "unread undecided 4+2"]),
    "commit_over_a_gap": (history_of(P, sent(0, 0, 3), G, assign(0), deliver(0, 0, 3), commit(9)), []),
    "commit_after_seek_over": (
        history_of(TEN, G, assign(0), deliver(0, 0), seek(8), commit(8), deliver(8, 8, 2)), ["unread undecided 1+7"]),
}
