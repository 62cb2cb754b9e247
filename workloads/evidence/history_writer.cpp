#include "workloads/evidence/history_writer.h"

#include <charconv>

#include <nlohmann/json.hpp>

#include "common/base/json_text.h"
#include "workloads/evidence/event_words.h"

namespace workloads::evidence {
namespace {

std::string quote(const std::string& text) {
  // A broker's or a library's text need not be UTF-8; a history must be.
  return common::base::json_text(nlohmann::json(text));
}

}  // namespace

// One line under construction. told_*: nothing is written for the value that means "not told".
class HistoryWriter::Line {
 public:
  Line(HistoryWriter& writer, std::string& out) : writer_(writer), out_(out) {}

  Line& event(std::string_view name) {
    out_ += "{\"event\":\"";
    out_ += name;
    out_ += '"';
    return *this;
  }
  Line& raw(std::string_view key, std::string_view value) {
    out_ += ",\"";
    out_ += key;
    out_ += "\":";
    out_ += value;
    return *this;
  }
  Line& number(std::string_view key, std::int64_t value) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    return raw(key, {digits, static_cast<std::size_t>(end - digits)});
  }
  Line& name(std::string_view key, Id id) { return raw(key, writer_.quoted(id)); }
  Line& word(std::string_view key, std::string_view word) { return raw(key, "\"" + std::string(word) + "\""); }
  Line& yes_no(std::string_view key, bool value) { return raw(key, value ? "true" : "false"); }
  Line& where(const Partition& where) { return name("topic", where.topic).number("partition", where.partition); }

  Line& told_name(std::string_view key, Id id) { return id == kNoId ? *this : name(key, id); }
  Line& told_number(std::string_view key, std::int64_t value) { return value < 0 ? *this : number(key, value); }
  Line& told_at(std::int64_t at) { return at == kNoTime ? *this : number("at", at); }
  Line& count(std::int64_t count) { return count == 1 ? *this : number("count", count); }

  Line& open(std::string_view key, std::string_view first_key, Id first) {
    raw(key, "{\"");
    out_ += first_key;
    out_ += "\":";
    out_ += writer_.quoted(first);
    return *this;
  }
  Line& close() {
    out_ += '}';
    return *this;
  }
  bool end() {
    out_ += "}\n";
    return true;
  }

 private:
  HistoryWriter& writer_;
  std::string& out_;
};

std::string_view HistoryWriter::quoted(Id id) {
  if (id == kNoId) return "\"\"";
  if (quoted_.size() <= id) quoted_.resize(names_.size());
  if (quoted_[id].empty()) quoted_[id] = quote(names_.text(id));
  return quoted_[id];
}

bool HistoryWriter::append(const Event& event, std::string& out) {
  Line under_construction(*this, out);
  return std::visit([&](const auto& e) { return line(under_construction, e); }, event);
}

bool HistoryWriter::line(Line& line, const RunStart& e) {
  return line.event("run").number("format", 1).raw("run", quote(e.run)).end();
}

bool HistoryWriter::line(Line& line, const TopicInfo& e) {
  return line.event("topic")
      .name("topic", e.topic)
      .number("partitions", e.partitions)
      .number("replication_factor", e.replication_factor)
      .number("min_insync_replicas", e.min_insync_replicas)
      .yes_no("unclean_leader_election", e.unclean_leader_election)
      .word("cleanup_policy", e.compact ? "compact" : "delete")
      .end();
}

bool HistoryWriter::line(Line& line, const ProducerInfo& e) {
  return line.event("producer")
      .name("producer", e.producer)
      .told_name("host", e.host)
      .word("acks", word_of(e.acks))
      .yes_no("idempotence", e.idempotence)
      .number("max_in_flight", e.max_in_flight)
      .told_name("transactional_id", e.transactional_id)
      .end();
}

bool HistoryWriter::line(Line& line, const Send& e) {
  return line.event("send")
      .name("producer", e.producer)
      .where(e.where)
      .number("sequence", e.sequence)
      .count(e.count)
      .told_at(e.at)
      .told_number("transaction", e.transaction)
      .told_name("key", e.key)
      .end();
}

bool HistoryWriter::line(Line& line, const Ack& e) {
  line.event("ack").name("producer", e.producer).where(e.where).number("sequence", e.sequence);
  if (e.offset == kNoOffset)
    line.raw("offset", "null");
  else
    line.number("offset", e.offset);
  return line.count(e.count).told_at(e.at).end();
}

bool HistoryWriter::line(Line& line, const Refuse& e) {
  return line.event("refuse")
      .name("producer", e.producer)
      .where(e.where)
      .number("sequence", e.sequence)
      .count(e.count)
      .told_name("reason", e.reason)
      .told_at(e.at)
      .end();
}

bool HistoryWriter::line(Line& line, const Unknown& e) {
  return line.event("unknown")
      .name("producer", e.producer)
      .where(e.where)
      .number("sequence", e.sequence)
      .count(e.count)
      .told_name("reason", e.reason)
      .told_at(e.at)
      .end();
}

bool HistoryWriter::line(Line& line, const Transaction& e) {
  return line.event("transaction")
      .name("producer", e.producer)
      .number("transaction", e.transaction)
      .word("state", word_of(e.state))
      .told_at(e.at)
      .end();
}

bool HistoryWriter::line(Line& line, const ConsumerInfo& e) {
  return line.event("consumer")
      .name("consumer", e.consumer)
      .told_name("host", e.host)
      .told_name("group", e.group)
      .word("isolation", word_of(e.isolation))
      .word("reset", word_of(e.reset))
      .end();
}

bool HistoryWriter::line(Line& line, const Assign& e) {
  return line.event("assign")
      .name("consumer", e.consumer)
      .where(e.where)
      .told_number("position", e.position)
      .told_at(e.at)
      .end();
}

bool HistoryWriter::line(Line& line, const Revoke& e) {
  line.event("revoke").name("consumer", e.consumer).where(e.where);
  if (e.lost) line.yes_no("lost", true);
  return line.told_at(e.at).end();
}

bool HistoryWriter::line(Line& line, const Seek& e) {
  return line.event("seek").name("consumer", e.consumer).where(e.where).number("offset", e.offset).told_at(e.at).end();
}

bool HistoryWriter::line(Line& line, const Deliver& e) {
  line.event("deliver").name("consumer", e.consumer).where(e.where).number("offset", e.offset);
  if (e.producer == kNoId)
    line.raw("producer", "null");
  else
    line.name("producer", e.producer).number("sequence", e.sequence);
  if (e.producer != kNoId && e.target != e.where)
    line.open("target", "topic", e.target.topic).number("partition", e.target.partition).close();
  line.count(e.count).told_at(e.at);
  if (!e.intact) line.yes_no("intact", false);
  line.told_number("leader_epoch", e.leader_epoch);
  if (e.within_producer != kNoId)
    line.open("within", "producer", e.within_producer).number("transaction", e.within_transaction).close();
  return line.end();
}

bool HistoryWriter::line(Line& line, const Commit& e) {
  return line.event("commit")
      .name("consumer", e.consumer)
      .where(e.where)
      .number("offset", e.offset)
      .word("state", word_of(e.state))
      .told_at(e.at)
      .end();
}

bool HistoryWriter::line(Line& line, const Input& e) {
  return line.event("input")
      .name("producer", e.producer)
      .where(e.where)
      .number("sequence", e.sequence)
      .open("of", "topic", e.of.topic)
      .number("partition", e.of.partition)
      .number("offset", e.of_offset)
      .close()
      .end();
}

bool HistoryWriter::line(Line& line, const Audit& e) {
  return line.event("audit")
      .name("consumer", e.consumer)
      .where(e.where)
      .number("start", e.start)
      .number("end", e.end)
      .end();
}

bool HistoryWriter::line(Line& line, const Sample& e) {
  line.event("sample")
      .where(e.where)
      .told_at(e.at)
      .told_name("host", e.host)
      .told_number("log_start", e.log_start)
      .told_number("end", e.end)
      .told_number("leader", e.leader)
      .told_number("leader_epoch", e.leader_epoch);
  if (!e.isr_told) return line.end();
  std::string list = "[";
  for (const auto replica : e.isr) list += (list.size() > 1 ? "," : "") + std::to_string(replica);
  return line.raw("isr", list + "]").end();
}

bool HistoryWriter::line(Line& line, const ClockOffset& e) {
  return line.event("clock").name("host", e.host).number("offset_ns", e.offset_ns).number("error_ns", e.error_ns).end();
}

bool HistoryWriter::line(Line& line, const Fault& e) {
  return line.event("fault")
      .name("fault", e.fault)
      .name("kind", e.kind)
      .name("target", e.target)
      .word("state", word_of(e.state))
      .told_at(e.at)
      .told_name("host", e.host)
      .told_name("proof", e.proof)
      .end();
}

bool HistoryWriter::line(Line& line, const End&) {
  return line.event("end").end();
}

}  // namespace workloads::evidence
