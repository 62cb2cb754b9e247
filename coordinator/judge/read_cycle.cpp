// read-cycle: committed transactions each of which was delivered, within it and to a read_committed reader, a record
// that another of the cycle wrote: neither can have come first. Topic and partition null, no messages, no offsets;
// `transactions` lists them.
#include <algorithm>

#include "coordinator/judge/partition_case.h"

namespace coordinator::judge {

namespace {

constexpr std::size_t kMostWitnesses = 8;  // a few suffice

// Tarjan's strongly connected components, without recursion: a chain of 10^6 transactions must not end the stack.
class Components {
 public:
  Components(std::size_t vertices, const std::vector<ReadEdge>& edges) : edges_(edges), state_(vertices) {}

  template <typename F>
  void each(F f) {
    for (const ReadEdge& edge : edges_)
      if (state_[edge.reader].index == 0) visit(edge.reader, f);
  }

 private:
  struct Vertex {
    std::int32_t index = 0, low = 0;
    bool on_stack = false;
  };
  struct Frame {
    std::int32_t vertex;
    std::size_t next;  // edge
  };
  std::size_t first_edge(std::int32_t vertex) const {
    return static_cast<std::size_t>(std::lower_bound(edges_.begin(), edges_.end(), vertex,
                                                     [](const ReadEdge& e, std::int32_t v) { return e.reader < v; }) -
                                    edges_.begin());
  }
  void open(std::int32_t vertex) {
    state_[vertex] = {++count_, count_, true};
    stack_.push_back(vertex);
    frames_.push_back({vertex, first_edge(vertex)});
  }
  template <typename F>
  void visit(std::int32_t root, F f) {
    open(root);
    while (!frames_.empty()) {
      Frame& frame = frames_.back();
      const std::int32_t v = frame.vertex;
      if (frame.next < edges_.size() && edges_[frame.next].reader == v) {
        const std::int32_t w = edges_[frame.next++].writer;
        if (state_[w].index == 0) {
          open(w);
        } else if (state_[w].on_stack) {
          state_[v].low = std::min(state_[v].low, state_[w].index);
        }
        continue;
      }
      frames_.pop_back();
      if (!frames_.empty()) {
        Vertex& parent = state_[frames_.back().vertex];
        parent.low = std::min(parent.low, state_[v].low);
      }
      if (state_[v].low == state_[v].index) close(v, f);
    }
  }
  template <typename F>
  void close(std::int32_t root, F f) {
    std::vector<std::int32_t> members;
    for (;;) {
      const std::int32_t v = stack_.back();
      stack_.pop_back();
      state_[v].on_stack = false;
      members.push_back(v);
      if (v == root) break;
    }
    f(members);
  }

  const std::vector<ReadEdge>& edges_;
  std::vector<Vertex> state_;
  std::vector<std::int32_t> stack_;
  std::vector<Frame> frames_;
  std::int32_t count_ = 0;
};

}  // namespace

void find_read_cycles(RunCase& run) {
  std::sort(run.reads.begin(), run.reads.end());
  const auto same = [](const ReadEdge& a, const ReadEdge& b) { return a.reader == b.reader && a.writer == b.writer; };
  run.reads.erase(std::unique(run.reads.begin(), run.reads.end(), same), run.reads.end());
  const auto& facts = run.store.transactions;
  const auto& names = run.store.names;
  Components(run.transactions.size(), run.reads).each([&](std::vector<std::int32_t>& members) {
    if (members.size() < 2) return;
    std::sort(members.begin(), members.end(), [&](std::int32_t a, std::int32_t b) {
      const int order = names.text(facts[a].producer).compare(names.text(facts[b].producer));
      return order != 0 ? order < 0 : facts[a].number < facts[b].number;
    });
    Finding finding;
    finding.kind = Kind::read_cycle;
    std::vector<std::int32_t> sorted = members;
    std::sort(sorted.begin(), sorted.end());
    for (const std::int32_t member : members)
      finding.transactions.push_back({facts[member].producer, facts[member].number});
    for (std::size_t i = 0; i < sorted.size() && finding.witnesses.size() < kMostWitnesses; ++i) {
      auto edge = std::lower_bound(run.reads.begin(), run.reads.end(), sorted[i],
                                   [](const ReadEdge& e, std::int32_t v) { return e.reader < v; });
      for (; edge != run.reads.end() && edge->reader == sorted[i]; ++edge)
        if (std::binary_search(sorted.begin(), sorted.end(), edge->writer)) finding.witnesses.push_back(edge->line);
    }
    run.out.add(std::move(finding), {}, true);
  });
}

}  // namespace coordinator::judge
