#include "coordinator/judge/finding_list.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace coordinator::judge {

using workloads::evidence::Id;
using workloads::evidence::kNoId;
using workloads::evidence::kNoOffset;
using workloads::evidence::Names;
using workloads::evidence::Partition;

int compare_names(Id a, Id b, const Names& names) {
  if (a == b) return 0;
  if (a == kNoId || b == kNoId) return a == kNoId ? -1 : 1;
  return names.text(a).compare(names.text(b));
}

namespace {

constexpr std::int64_t kMostCounted = INT64_MAX / 256;  // findings of a kind and severity: sums of them still fit

int compare_places(const Partition& a, const Partition& b, const Names& names) {
  if (const int topic = compare_names(a.topic, b.topic, names); topic != 0) return topic;
  return a.partition < b.partition ? -1 : a.partition > b.partition ? 1 : 0;
}

std::int64_t first_offset(const Finding& f) {
  return f.offsets.empty() ? kNoOffset : f.offsets.front().offset;
}

bool stands_before(const Finding& a, const Finding& b, const Names& names) {
  if (a.severity != b.severity) return a.severity < b.severity;
  if (const int where = compare_places(a.where, b.where, names); where != 0) return where < 0;
  if (first_offset(a) != first_offset(b)) return first_offset(a) < first_offset(b);
  if (a.kind != b.kind) return std::string_view(name_of(a.kind)) < name_of(b.kind);
  if (const int consumer = compare_names(a.consumer, b.consumer, names); consumer != 0) return consumer < 0;
  for (std::size_t i = 0; i < std::min(a.messages.size(), b.messages.size()); ++i) {
    const MessageRun &of_a = a.messages[i], &of_b = b.messages[i];
    if (const int name = compare_names(of_a.producer, of_b.producer, names); name != 0) return name < 0;
    if (of_a.sequence != of_b.sequence) return of_a.sequence < of_b.sequence;
    if (of_a.count != of_b.count) return of_a.count < of_b.count;
  }
  if (a.messages.size() != b.messages.size()) return a.messages.size() < b.messages.size();
  for (std::size_t i = 0; i < std::min(a.transactions.size(), b.transactions.size()); ++i) {
    const TransactionName &of_a = a.transactions[i], &of_b = b.transactions[i];
    if (const int name = compare_names(of_a.producer, of_b.producer, names); name != 0) return name < 0;
    if (of_a.transaction != of_b.transaction) return of_a.transaction < of_b.transaction;
  }
  return a.witnesses < b.witnesses;
}

}  // namespace

void add_left_out(std::vector<LeftOut>& sum, const LeftOut& more) {
  const auto key = [](const LeftOut& l) { return std::make_pair(l.severity, l.kind); };
  const auto at = std::lower_bound(sum.begin(), sum.end(), more,
                                   [&](const LeftOut& a, const LeftOut& b) { return key(a) < key(b); });
  if (at == sum.end() || key(*at) != key(more)) {
    sum.insert(at, more)->findings = std::min(more.findings, kMostCounted);
    return;
  }
  at->findings = std::min(at->findings + std::min(more.findings, kMostCounted), kMostCounted);
  at->records += more.records;
}

void FindingList::add(Finding finding) {
  findings_.push_back(std::move(finding));
  if (findings_.size() < shorten_at_) return;
  shorten();
  shorten_at_ = std::max(shorten_at_, 2 * findings_.size());
}

void FindingList::shorten() {
  const auto before = [this](const Finding& a, const Finding& b) { return stands_before(a, b, names_); };
  if (!std::is_sorted(findings_.begin(), findings_.end(), before))
    std::sort(findings_.begin(), findings_.end(), before);
  std::array<std::int64_t, kKinds> listed{};
  std::erase_if(findings_, [&](const Finding& finding) {
    if (++listed[static_cast<std::size_t>(finding.kind)] <= kMostFindings) return false;
    leave_out({finding.kind, finding.severity, 1, records_of(finding)});
    return true;
  });
}

std::vector<Finding> FindingList::take() {
  shorten();
  return std::move(findings_);
}

}  // namespace coordinator::judge
