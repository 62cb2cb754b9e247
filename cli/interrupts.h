// How often a person has pressed Ctrl-C (or sent TERM or HUP) since the process began to listen. One listener a
// process.
#pragma once

namespace cli {

void listen_for_interrupts();  // SIGPIPE is ignored from then on as well
int interrupts();

}  // namespace cli
