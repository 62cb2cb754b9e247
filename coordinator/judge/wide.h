// Integers that hold sums and differences of what a history may tell (63 bits).
#pragma once

namespace coordinator::judge {

__extension__ typedef __int128 Wide;

}  // namespace coordinator::judge
