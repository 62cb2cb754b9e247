// Which lines of an explanation go first when there are too many: the lightest. Constants.
#pragma once

namespace coordinator::report {

inline constexpr int kMessage = 9, kLog = 8, kReader = 7, kFault = 6, kWitness = 5, kTransaction = 5, kOwner = 4,
                     kLeader = 3, kNextLeader = 1;

}  // namespace coordinator::report
