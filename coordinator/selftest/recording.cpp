#include "coordinator/selftest/recording.h"

#include <type_traits>

namespace coordinator::selftest {
namespace evidence = workloads::evidence;

namespace {

template <typename E>
concept Run = requires(E e) {
  e.sequence;
  e.count;
};

}  // namespace

void add_single(Lines& lines, const evidence::Event& event) {
  std::visit(
      [&lines](const auto& one) {
        using E = std::decay_t<decltype(one)>;
        if constexpr (Run<E> && !std::is_same_v<E, evidence::Reserve>) {
          for (std::int64_t i = 0; i < one.count; ++i) {
            E single = one;
            single.count = 1;
            if (one.sequence != evidence::kNoOffset) single.sequence += i;
            if constexpr (requires { single.offset; })
              if (one.offset != evidence::kNoOffset) single.offset += i;
            lines.emplace_back(std::move(single));
          }
        } else {
          lines.emplace_back(one);
        }
      },
      event);
}

}  // namespace coordinator::selftest
