// How far an agent's clock is from ours: four-timestamp exchanges (RFC 5905, section 8), of which the quickest tells
// most. Pure; the exchanges themselves are made by AgentClient.
#pragma once

#include <optional>
#include <vector>

#include "common/base/clock.h"

namespace coordinator {

using common::base::Nanos;

struct ClockExchange {
  Nanos asked = 0;     // ours
  Nanos received = 0;  // the agent's
  Nanos answered = 0;  // the agent's
  Nanos heard = 0;     // ours
};

struct ClockEstimate {
  Nanos offset = 0;  // the agent's clock minus ours
  Nanos error = 0;   // the truth is within offset +- error at the moment of the exchange
};

// From the exchange with the shortest way. Nothing if none is possible (an answer before its question, on either
// clock).
std::optional<ClockEstimate> estimate_clock(const std::vector<ClockExchange>& exchanges);

// Two oscillators differ by at most 100 ppm here (NTP slews by 500 ppm, but both hosts' monotonic clocks follow the
// same time source then); an estimate that is to hold for `age` becomes wider by that much.
ClockEstimate aged(const ClockEstimate& estimate, Nanos age);

// Whether zero is a possible offset: what two processes of one host must find.
bool may_be_same_clock(const ClockEstimate& estimate);

}  // namespace coordinator
