// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors
//
// Calls that Swift cannot make itself: variadic ones (prctl), ones that need _GNU_SOURCE, and ones whose constants are
// macros that do not import. Each wraps one call or one fixed sequence and decides nothing. Unless said otherwise: 0
// for success, else the errno.

#ifndef RENCLAVE_CLINUX_H
#define RENCLAVE_CLINUX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// Who is at the other end of a Unix socket, as the kernel knows it.
struct renclave_peer {
    pid_t pid;
    uid_t uid;
    gid_t gid;
};

int renclave_peer_credentials(int descriptor, struct renclave_peer *peer);

/// prctl(PR_SET_DUMPABLE, 0): no core file, no ptrace and no /proc/PID/mem for others of the same uid.
int renclave_set_undumpable(void);
/// 1 where the process may still be dumped.
int renclave_is_dumpable(void);
/// prctl(PR_SET_NO_NEW_PRIVS, 1).
int renclave_set_no_new_privileges(void);

/// RLIMIT_CORE to 0, soft and hard.
int renclave_forbid_core_files(void);
/// Soft limit of locked memory to the hard one; `*bytes` is then the limit (SIZE_MAX for none).
int renclave_raise_locked_memory(size_t *bytes);
/// Soft limit of open files to the hard one.
int renclave_raise_open_files(void);

/// Gives up root: supplementary groups to `extra` (or none where it is (gid_t)-1), then gid, then uid, then proves that
/// the way back is closed (EPERM where it is not).
int renclave_become(uid_t uid, gid_t gid, gid_t extra);

/// Maps `bytes` (a multiple of the page) between two inaccessible pages, locks it, keeps it out of core files and out
/// of children. `*address` is the first usable byte.
int renclave_map_locked(size_t bytes, void **address);
/// Unmaps what renclave_map_locked gave.
int renclave_unmap_locked(void *address, size_t bytes);
size_t renclave_page_bytes(void);

/// Blocks SIGTERM and SIGINT in the calling thread (and those it starts), ignores SIGPIPE, and opens a descriptor that
/// becomes readable when one of the two arrives. Returns the descriptor or -errno.
int renclave_open_stop_signals(void);
/// The default action for the signals of a crash, so that no handler prints registers or memory.
void renclave_default_crash_signals(void);

/// A listening Unix socket at `path`, created with mode 0600. Returns the descriptor or -errno.
int renclave_listen_unix(const char *path, int backlog);
/// accept4 with close-on-exec. Returns the descriptor or -errno.
int renclave_accept(int listener);
/// Receive and send timeouts of a socket, in milliseconds.
int renclave_set_timeouts(int descriptor, int receive, int send);
/// Opens `path` as a lock file (0600, created where absent, never through a symbolic link). Returns the descriptor or
/// -errno.
int renclave_open_lock(const char *path);
/// flock(LOCK_EX | LOCK_NB).
int renclave_lock(int descriptor);

/// One request to a Nitro Security Module, whose character device is open, and its answer. `*answer_bytes` is the room
/// for the answer, and then its length. EMSGSIZE where the request is too long for the driver.
int renclave_security_module_exchange(
    int descriptor, const void *request, size_t request_bytes, void *answer, size_t *answer_bytes
);

/// Starts a detached thread with every signal blocked and a stack of `stack_bytes`. Its name shows in ps.
int renclave_start_thread(const char *name, size_t stack_bytes, void (*body)(void *), void *context);

#endif
