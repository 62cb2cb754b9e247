// libFuzzer's entry; FIREDRILL_FUZZ_TARGET names the target (scripts/fuzz).
#include "tests/fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::FIREDRILL_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
