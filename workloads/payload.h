// Values and keys of the messages to send: sizes, filler and keys as the spec wants them, all from its seed. Random
// filler is cut from a pool made once, because making it per message would cost more than sending it. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/random.h"
#include "common/protocol/workload_specs.h"

namespace workloads {

class Payload {
 public:
  explicit Payload(const common::protocol::ProduceSpec& spec);

  std::size_t largest() const { return largest_; }
  bool keyed() const { return keys_ > 0; }

  std::size_t next_size();
  std::string_view next_key();  // valid until the next call
  // Everything behind the identity of a value of that size.
  void fill(char* value, std::size_t size);

 private:
  common::protocol::Distribution size_;
  std::size_t largest_;
  std::int64_t keys_;
  bool zipf_;
  double random_part_;
  common::base::Random sizes_;
  common::base::Random key_draws_;
  std::vector<char> pool_;
  std::size_t pool_at_ = 0;
  char key_[24];
};

}  // namespace workloads
