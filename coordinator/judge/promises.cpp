#include "coordinator/judge/promises.h"

#include <array>

#include "common/base/assert.h"

namespace coordinator::judge {

namespace {

using enum Hazard;
using workloads::evidence::Acks;
using workloads::evidence::Isolation;
using workloads::evidence::Reset;

constexpr std::array kRows{
    // --- of producers and topics
    PromiseRow{.hazard = loss,
               .condition = {.acks = Acks::zero},
               .concern = Concern::danger,
               .what = "any record, and the producer is not told",
               .when = "a broker dies, refuses, or a connection breaks",
               .why = "acks=0 waits for no answer (Kafka, producer config `acks`)",
               .set = "acks=all"},
    PromiseRow{.hazard = loss,
               .condition = {.acks = Acks::one},
               .concern = Concern::danger,
               .what = "the last records that a leader acked and no follower had fetched",
               .when = "that leader dies, is cut off, or hands over",
               .why = "acks=1 is the leader's word alone; the next leader does not know the record (KIP-101)",
               .set = "acks=all"},
    PromiseRow{.hazard = loss,
               .condition = {.unclean_leader_election = true},
               .concern = Concern::danger,
               .what = "everything acked since the new leader had fallen behind",
               .when = "the in-sync replicas are down together, however shortly",
               .why = "a replica outside the ISR may lead, and the others truncate to it (KIP-106)",
               .set = "unclean.leader.election.enable=false"},
    PromiseRow{.hazard = loss,
               .condition = {.one_copy = true, .copies_destroyed = true},
               .concern = Concern::danger,
               .what = "the whole partition",
               .when = "the one host or disk that has it fails",
               .why = "there is no second copy (Kafka, design: replication)",
               .set = "replication factor 3"},
    PromiseRow{.hazard = loss,
               .condition = {.one_in_sync = true, .copies_destroyed = true},
               .concern = Concern::warning,
               .what = "what was acked while the leader was alone in sync",
               .when = "the leader then loses its disk, or power before the log was flushed",
               .why = "acks=all waits for those in sync only, and one of them is enough here (KIP-966)",
               .set = "replication factor 3 and min.insync.replicas=2"},
    PromiseRow{.hazard = loss,
               .condition = {},
               .concern = Concern::none,
               .what = "no acked record is lost",
               .when = "",
               .why = "acked is what all in-sync replicas have, and only one of them can lead (KIP-101, KIP-966)",
               .set = ""},

    PromiseRow{.hazard = duplication,
               .condition = {.idempotence = false},
               .concern = Concern::warning,
               .what = "a batch twice in the log",
               .when = "an answer is lost and the client sends again",
               .why = "without producer id and sequence the broker cannot know a retry (KIP-98)",
               .set = "enable.idempotence=true"},
    PromiseRow{.hazard = duplication,
               .condition = {},
               .concern = Concern::none,
               .what = "no record stands twice in the log",
               .when = "",
               .why = "the broker drops a sequence that it has; a restarted producer is another one (KIP-98)",
               .set = ""},

    PromiseRow{.hazard = reordering,
               .condition = {.idempotence = false, .pipelined = true},
               .concern = Concern::warning,
               .what = "a batch behind later ones of its producer",
               .when = "it is sent again while others are in flight",
               .why = "the broker stores what arrives, in the order of arrival (KAFKA-5494)",
               .set = "enable.idempotence=true"},
    PromiseRow{.hazard = reordering,
               .condition = {.idempotence = false},
               .concern = Concern::none,
               .what = "a producer's records keep their order",
               .when = "",
               .why = "the next request goes out when the last one is answered",
               .set = ""},
    PromiseRow{.hazard = reordering,
               .condition = {},
               .concern = Concern::none,
               .what = "a producer's records keep their order",
               .when = "",
               .why = "the broker takes a producer's batches in sequence only, five may be in flight (KAFKA-5494)",
               .set = ""},

    PromiseRow{.hazard = tearing,
               .condition = {.transactions = false},
               .concern = Concern::note,
               .what = "a part of what belongs together",
               .when = "the producer dies between two records",
               .why = "each record is acked for itself",
               .set = "transactional.id"},
    PromiseRow{.hazard = tearing,
               .condition = {},
               .concern = Concern::none,
               .what = "of a transaction all is there, or nothing",
               .when = "",
               .why = "markers in every partition decide together (KIP-98, KIP-890)",
               .set = ""},

    PromiseRow{.hazard = unavailability,
               .condition = {.one_copy = true},
               .concern = Concern::warning,
               .what = "reading and writing of the partition",
               .when = "its one broker is down, as in a rolling restart",
               .why = "nobody else can lead it",
               .set = "replication factor 3"},
    PromiseRow{.hazard = unavailability,
               .condition = {.acks = Acks::all, .all_must_be_in_sync = true},
               .concern = Concern::warning,
               .what = "writing with acks=all",
               .when = "any one replica is down or behind, as at the first broker of a rolling restart",
               .why = "fewer than min.insync.replicas: NOT_ENOUGH_REPLICAS (Kafka, `min.insync.replicas`)",
               .set = "min.insync.replicas one below a replication factor of 3 or more"},
    PromiseRow{.hazard = unavailability,
               .condition = {},
               .concern = Concern::none,
               .what = "the partition serves while one replica is down, but for an election",
               .when = "",
               .why = "those that remain in sync are enough to lead and to ack",
               .set = ""},

    // --- of consumers
    PromiseRow{.hazard = premature_reading,
               .condition = {.isolation = Isolation::read_uncommitted},
               .concern = Concern::note,
               .what = "records of transactions that later abort are read",
               .when = "somebody writes transactions",
               .why = "read_uncommitted reads to the high watermark, not to the last stable offset (KIP-98)",
               .set = "isolation.level=read_committed"},
    PromiseRow{.hazard = premature_reading,
               .condition = {},
               .concern = Concern::none,
               .what = "no record of an open or aborted transaction is read",
               .when = "",
               .why = "read_committed stops at the last stable offset and drops what was aborted (KIP-98)",
               .set = ""},

    PromiseRow{
        .hazard = skipping,
        .condition = {.commit = CommitMode::automatic},
        .concern = Concern::warning,
        .what = "records that were handed over and never processed",
        .when = "the consumer dies after their offsets were committed",
        .why = "the client commits what it handed over, not what was done (librdkafka: enable.auto.offset.store)",
        .set = "enable.auto.commit=false, and commit after processing"},
    PromiseRow{.hazard = skipping,
               .condition = {.reset = Reset::latest, .commit = CommitMode::none},
               .concern = Concern::warning,
               .what = "everything written while no member was there",
               .when = "a member starts, or a partition moves",
               .why = "without a commit the group begins at auto.offset.reset, which is the end",
               .set = "auto.offset.reset=earliest, and commit after processing"},
    PromiseRow{.hazard = skipping,
               .condition = {.reset = Reset::latest},
               .concern = Concern::note,
               .what = "what was written before the first commit, or after the offsets had expired",
               .when = "a new group's member dies early, or a group stays away",
               .why = "without a valid commit the group begins at the end (KIP-211)",
               .set = "auto.offset.reset=earliest"},
    PromiseRow{.hazard = skipping,
               .condition = {},
               .concern = Concern::none,
               .what = "no record is passed over",
               .when = "",
               .why = "a group goes on at its last commit, and that was processed",
               .set = ""},

    PromiseRow{.hazard = redelivery,
               .condition = {.commit = CommitMode::none},
               .concern = Concern::note,
               .what = "everything since the reset position comes again",
               .when = "a member starts, or a partition moves",
               .why = "nothing is committed",
               .set = "commit after processing"},
    PromiseRow{.hazard = redelivery,
               .condition = {},
               .concern = Concern::note,
               .what = "what was handed over after the last confirmed commit comes again",
               .when = "a member dies or leaves, or a partition moves",
               .why = "delivery is at least once (Kafka, design: delivery semantics); below a confirmed commit never",
               .set = ""},

    PromiseRow{.hazard = double_processing,
               .condition = {.commit = CommitMode::in_transaction},
               .concern = Concern::none,
               .what = "each input has its effect on the log once",
               .when = "",
               .why = "output and offset are of one transaction, and zombies are fenced (KIP-447)",
               .set = ""},
    PromiseRow{.hazard = double_processing,
               .condition = {},
               .concern = Concern::note,
               .what = "two outputs of one input",
               .when = "the input is delivered again",
               .why = "outputs and offsets are not stored together",
               .set = "transactions with sendOffsetsToTransaction"},

    // --- always
    PromiseRow{.hazard = anything_else,
               .condition = {},
               .concern = Concern::none,
               .what = "no record is invented, broken or misplaced, and no log or reader goes back",
               .when = "",
               .why = "no configuration allows it (docs/findings.md)",
               .set = ""},
};

template <typename T>
bool fits(const std::optional<T>& wanted, T is) {
  return !wanted || *wanted == is;
}

bool fits(const Condition& wanted, const Configuration& is) {
  return fits(wanted.acks, is.acks) && fits(wanted.idempotence, is.idempotence) &&
         fits(wanted.pipelined, is.max_in_flight > 1) && fits(wanted.transactions, is.transactions) &&
         fits(wanted.one_copy, is.replication_factor < 2) && fits(wanted.one_in_sync, is.min_insync_replicas < 2) &&
         fits(wanted.all_must_be_in_sync, is.min_insync_replicas >= is.replication_factor) &&
         fits(wanted.unclean_leader_election, is.unclean_leader_election) &&
         fits(wanted.copies_destroyed, is.copies_destroyed) && fits(wanted.isolation, is.isolation) &&
         fits(wanted.reset, is.reset) && fits(wanted.commit, is.commit);
}

}  // namespace

std::span<const PromiseRow> promise_rows() {
  return kRows;
}

const PromiseRow& promise(Hazard hazard, const Configuration& configuration) {
  for (const PromiseRow& row : kRows)
    if (row.hazard == hazard && fits(row.condition, configuration)) return row;
  FIREDRILL_ASSERT(!"a hazard whose rows do not cover every configuration");
  return kRows.back();
}

bool promised(Hazard hazard, const Configuration& configuration) {
  return promise(hazard, configuration).promised();
}

std::vector<const PromiseRow*> hazards_of(Hazard hazard, const Configuration& configuration) {
  std::vector<const PromiseRow*> rows;
  for (const PromiseRow& row : kRows) {
    if (row.hazard != hazard || !fits(row.condition, configuration)) continue;
    const bool rest = row.condition == Condition{};  // what is left when no other row fits
    if (row.promised() || (rest && !rows.empty())) break;
    rows.push_back(&row);
  }
  return rows;
}

}  // namespace coordinator::judge
