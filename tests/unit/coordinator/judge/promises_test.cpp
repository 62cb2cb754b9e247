#include "coordinator/judge/promises.h"

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

namespace coordinator::judge {
namespace {

using workloads::evidence::Acks;
using workloads::evidence::Isolation;
using workloads::evidence::Reset;

template <typename Use>
void for_each_configuration(Use use) {
  for (const Acks acks : {Acks::all, Acks::one, Acks::zero})
    for (int bits = 0; bits < 16; ++bits)
      for (const int replicas : {1, 2, 3})
        for (const int in_sync : {1, 2, 3})
          for (const int in_flight : {1, 5})
            for (const auto isolation : {Isolation::read_committed, Isolation::read_uncommitted})
              for (const auto reset : {Reset::earliest, Reset::latest})
                for (const auto commit :
                     {CommitMode::processed, CommitMode::automatic, CommitMode::none, CommitMode::in_transaction})
                  use(Configuration{.acks = acks,
                                    .idempotence = (bits & 1) != 0,
                                    .max_in_flight = in_flight,
                                    .transactions = (bits & 2) != 0,
                                    .replication_factor = replicas,
                                    .min_insync_replicas = in_sync,
                                    .unclean_leader_election = (bits & 4) != 0,
                                    .copies_destroyed = (bits & 8) != 0,
                                    .isolation = isolation,
                                    .reset = reset,
                                    .commit = commit});
}

// docs/history.md, section 4, "Severity", word for word.
TEST(Promises, severities_of_the_history_contract_come_out_of_the_table) {
  for_each_configuration([](const Configuration& is) {
    const bool loss_allowed = is.acks == Acks::one || is.acks == Acks::zero || is.unclean_leader_election ||
                              ((is.min_insync_replicas < 2 || is.replication_factor < 2) && is.copies_destroyed);
    ASSERT_EQ(promised(Hazard::loss, is), !loss_allowed);
    ASSERT_EQ(promised(Hazard::duplication, is), is.idempotence);
    ASSERT_EQ(promised(Hazard::reordering, is), is.idempotence || is.max_in_flight == 1);
    ASSERT_TRUE(promised(Hazard::anything_else, is));
  });
}

TEST(Promises, every_row_decides_for_some_configuration) {
  std::set<const PromiseRow*> used;
  for_each_configuration([&](const Configuration& is) {
    for (std::size_t hazard = 0; hazard < kHazards; ++hazard) {
      const PromiseRow& row = promise(static_cast<Hazard>(hazard), is);
      used.insert(&row);
      ASSERT_EQ(row.promised(), hazards_of(row.hazard, is).empty());
      ASSERT_TRUE(row.promised() || !row.when.empty());
    }
  });
  for (const PromiseRow& row : promise_rows())
    EXPECT_TRUE(used.contains(&row)) << name_of(row.hazard) << ": " << condition_text(row.condition);
}

TEST(Promises, the_documentation_has_the_table) {
  const std::string path = std::string(FIREDRILL_SOURCE_DIR) + "/docs/promises.md";
  std::ostringstream read;
  read << std::ifstream(path).rdbuf();
  const std::string text = read.str();
  const std::string begin_mark = "gtest_filter=Promises.*` -->\n";
  const std::size_t begin = text.find(begin_mark) + begin_mark.size();
  const std::size_t end = text.find("<!-- end of promises -->");
  ASSERT_LT(begin, text.size());
  ASSERT_NE(end, std::string::npos);
  if (std::getenv("FIREDRILL_WRITE_DOCS") != nullptr) {
    std::ofstream(path) << text.substr(0, begin) << promises_markdown() << text.substr(end);
    return;
  }
  EXPECT_EQ(text.substr(begin, end - begin), promises_markdown());
}

}  // namespace
}  // namespace coordinator::judge
