/* An exhausted stack or an exhausted memory is no verdict: it ends the process with exit code 2, wherever it is met.

   The kernel refuses memory beyond the bound. OCaml then raises Out_of_memory, or gives up (SIGABRT), as GMP does; where
   the stack ends there is SIGSEGV. OCaml alone would turn only some of these into exceptions. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <caml/mlvalues.h>

static char stack_of_handler[1 << 16];
static char report[200];

static void end(int signal_number) {
  (void) signal_number;
  ssize_t written = write(STDOUT_FILENO, report, strlen(report));
  (void) written;
  _exit(2);
}

/* Bound the address space, unless it is bounded more tightly, and watch the signals; [text] is what is said then. */
value limits_set(value mebibytes, value text) {
  struct rlimit space;
  rlim_t bound = (rlim_t) Long_val(mebibytes) << 20;
  stack_t stack = { .ss_sp = stack_of_handler, .ss_size = sizeof stack_of_handler };
  struct sigaction action = { .sa_handler = end, .sa_flags = SA_ONSTACK };
  snprintf(report, sizeof report, "%s", String_val(text));
  if (getrlimit(RLIMIT_AS, &space) == 0 && bound < space.rlim_cur) {
    space.rlim_cur = bound;
    setrlimit(RLIMIT_AS, &space);
  }
  sigaltstack(&stack, NULL);
  sigemptyset(&action.sa_mask);
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGBUS, &action, NULL);
  sigaction(SIGABRT, &action, NULL);
  return Val_unit;
}
