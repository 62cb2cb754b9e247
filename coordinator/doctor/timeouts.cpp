// Properties of clients that contradict each other, or the brokers' bounds: found here, they cost a look; found in a
// drill, a run. A bound of the brokers that was not told is none.
#include "coordinator/doctor/diagnosis.h"

namespace coordinator::doctor {

using common::protocol::Properties;

namespace {

std::string ms(const std::string& name, std::int64_t value) {
  return name + "=" + std::to_string(value);
}

class Contradictions {
 public:
  Contradictions(const ClientSettings& client, const Properties& broker, std::vector<Diagnosis>& all)
      : client_(client), broker_(broker), all_(all) {}

  void of_producer() {
    const std::int64_t delivery = client_.number("delivery.timeout.ms");
    const std::int64_t request = client_.number("request.timeout.ms");
    const std::int64_t linger = client_.number("linger.ms");
    if (delivery > 0 && delivery < linger + request)
      say(Concern::warning,
          ms("delivery.timeout.ms", delivery) + " below linger.ms + request.timeout.ms (" +
              std::to_string(linger + request) + ")",
          "what became of records: given up while their first request may still be answered", "a broker is slow once",
          "the client gives up on a record before one attempt had its time; Java refuses such a configuration",
          "delivery.timeout.ms of several times request.timeout.ms");
    const std::int64_t lag = number_of(broker_, "replica.lag.time.max.ms", 0);
    if (delivery > 0 && delivery < lag && client_.get("acks") != "0" && client_.get("acks") != "1")
      say(Concern::warning,
          ms("delivery.timeout.ms", delivery) + " below the brokers' replica.lag.time.max.ms (" + std::to_string(lag) +
              ")",
          "what became of records: acks wait for a follower that hangs, until it is taken out of the ISR",
          "a follower hangs or is cut off", "acks=all waits for every replica in sync (KIP-101)",
          "delivery.timeout.ms above " + std::to_string(lag));
    transactions(delivery);
    idempotence();
  }

  void of_consumer() {
    if (client_.get("group.protocol") == "consumer") return;  // sessions are the broker's there (KIP-848)
    const std::int64_t session = client_.number("session.timeout.ms");
    const std::int64_t poll = client_.number("max.poll.interval.ms");
    if (poll < session)
      say(Concern::danger, ms("max.poll.interval.ms", poll) + " below " + ms("session.timeout.ms", session),
          "the client does not start", "at once", "librdkafka refuses it", "max.poll.interval.ms above the session");
    const std::int64_t heartbeat = client_.number("heartbeat.interval.ms");
    if (heartbeat >= session)
      say(Concern::danger, ms("heartbeat.interval.ms", heartbeat) + " not below " + ms("session.timeout.ms", session),
          "membership: the group rebalances again and again and reads next to nothing", "always",
          "the coordinator misses a member before its next heartbeat", "heartbeats of a third of the session");
    else if (3 * heartbeat > session)
      say(Concern::warning,
          ms("heartbeat.interval.ms", heartbeat) + " above a third of " + ms("session.timeout.ms", session),
          "membership: a rebalance stops the group", "one or two heartbeats are late", "Kafka, `heartbeat.interval.ms`",
          "heartbeats of a third of the session");
    session_bounds(session);
  }

 private:
  void say(Concern concern, std::string what, const char* stake, const char* when, const char* why, std::string set) {
    add(all_, {concern, std::move(what), {client_.who}, stake, when, why, std::move(set)});
  }

  void transactions(std::int64_t delivery) {
    if (client_.get("transactional.id").empty()) return;
    const std::int64_t timeout = client_.number("transaction.timeout.ms");
    const std::int64_t most = number_of(broker_, "transaction.max.timeout.ms", timeout);
    if (timeout > most)
      say(Concern::danger,
          ms("transaction.timeout.ms", timeout) + " above the brokers' transaction.max.timeout.ms (" +
              std::to_string(most) + ")",
          "every transaction: the producer is not let in", "at its start", "INVALID_TRANSACTION_TIMEOUT (KIP-98)",
          ms("transaction.timeout.ms", most) + " or less");
    if (client_.is_told("delivery.timeout.ms") && delivery > timeout)
      say(Concern::danger, ms("delivery.timeout.ms", delivery) + " above " + ms("transaction.timeout.ms", timeout),
          "the producer does not start", "at once", "librdkafka refuses it",
          "a delivery timeout within the transaction's");
  }

  void idempotence() {
    const bool transactional = !client_.get("transactional.id").empty();
    const bool off = client_.is_told("enable.idempotence") && !client_.is_true("enable.idempotence");
    if (transactional && off)
      say(Concern::danger, "transactional.id with enable.idempotence=false", "the producer does not start", "at once",
          "transactions need idempotence (KIP-98)", "enable.idempotence=true");
    if (!transactional && !client_.is_true("enable.idempotence")) return;
    const std::string acks = client_.get("acks");
    if (acks == "0" || acks == "1")
      say(Concern::danger, "idempotence with acks=" + acks, "the producer does not start", "at once",
          "idempotence needs acks=all (KIP-98)", "acks=all");
    const std::int64_t flying = client_.number("max.in.flight.requests.per.connection");
    if (client_.is_told("max.in.flight.requests.per.connection") && flying > 5)
      say(Concern::danger, ms("max.in.flight.requests.per.connection", flying) + " with idempotence",
          "the producer does not start", "at once", "the broker remembers five batches of a producer (KAFKA-5494)",
          "max.in.flight.requests.per.connection=5");
  }

  void session_bounds(std::int64_t session) {
    const std::int64_t least = number_of(broker_, "group.min.session.timeout.ms", 0);
    const std::int64_t most = number_of(broker_, "group.max.session.timeout.ms", session);
    if (session < least || session > most)
      say(Concern::danger,
          ms("session.timeout.ms", session) + " outside the brokers' bounds (" + std::to_string(least) + " to " +
              std::to_string(most) + ")",
          "the consumer joins no group", "at its start", "INVALID_SESSION_TIMEOUT",
          "a session within the bounds, or group.max.session.timeout.ms");
    const std::int64_t broker = number_of(broker_, "broker.session.timeout.ms", -1);
    if (broker >= 0 && session >= least && session < broker + 1'000)
      say(Concern::note,
          ms("session.timeout.ms", session) + " near or below the brokers' broker.session.timeout.ms (" +
              std::to_string(broker) + ")",
          "all members at once, and the time to wait for them", "the broker that coordinates the group dies",
          "sessions end before another broker takes the group over", "session.timeout.ms=45000 (KIP-735)");
  }

  const ClientSettings& client_;
  const Properties& broker_;
  std::vector<Diagnosis>& all_;
};

}  // namespace

void diagnose_timeouts(const std::vector<ClientSettings>& clients, const Properties& broker,
                       std::vector<Diagnosis>& all) {
  for (const ClientSettings& client : clients) {
    Contradictions contradictions(client, broker, all);
    if (client.role == ClientRole::producer)
      contradictions.of_producer();
    else
      contradictions.of_consumer();
  }
}

}  // namespace coordinator::doctor
