// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

static int result(int returned) {
    return returned == 0 ? 0 : errno;
}

int renclave_peer_credentials(int descriptor, struct renclave_peer *peer) {
    struct ucred credentials;
    socklen_t length = sizeof credentials;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) {
        return errno;
    }
    if (length != sizeof credentials) {
        return EPROTO;
    }
    peer->pid = credentials.pid;
    peer->uid = credentials.uid;
    peer->gid = credentials.gid;
    return 0;
}

int renclave_set_undumpable(void) {
    return result(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
}

int renclave_is_dumpable(void) {
    return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0;
}

int renclave_set_no_new_privileges(void) {
    return result(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
}

int renclave_forbid_core_files(void) {
    const struct rlimit none = {0, 0};
    return result(setrlimit(RLIMIT_CORE, &none));
}

static int raise_limit(__rlimit_resource_t resource, struct rlimit *limit) {
    if (getrlimit(resource, limit) != 0) {
        return errno;
    }
    limit->rlim_cur = limit->rlim_max;
    return result(setrlimit(resource, limit));
}

int renclave_raise_locked_memory(size_t *bytes) {
    struct rlimit limit;
    int error = raise_limit(RLIMIT_MEMLOCK, &limit);
    *bytes = limit.rlim_cur == RLIM_INFINITY ? SIZE_MAX : (size_t)limit.rlim_cur;
    return error;
}

int renclave_raise_open_files(void) {
    struct rlimit limit;
    return raise_limit(RLIMIT_NOFILE, &limit);
}

int renclave_become(uid_t uid, gid_t gid, gid_t extra) {
    if (setgroups(extra == (gid_t)-1 ? 0 : 1, &extra) != 0 || setresgid(gid, gid, gid) != 0 ||
        setresuid(uid, uid, uid) != 0) {
        return errno;
    }
    if (uid != 0 && (setuid(0) == 0 || geteuid() == 0)) {
        return EPERM;
    }
    return 0;
}

size_t renclave_page_bytes(void) {
    return (size_t)sysconf(_SC_PAGESIZE);
}

int renclave_map_locked(size_t bytes, void **address) {
    const size_t page = renclave_page_bytes();
    char *whole = mmap(NULL, bytes + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (whole == MAP_FAILED) {
        return errno;
    }
    char *usable = whole + page;
    if (mprotect(usable, bytes, PROT_READ | PROT_WRITE) != 0 || madvise(usable, bytes, MADV_DONTDUMP) != 0 ||
        madvise(usable, bytes, MADV_WIPEONFORK) != 0 || mlock(usable, bytes) != 0) {
        int error = errno;
        munmap(whole, bytes + 2 * page);
        return error;
    }
    *address = usable;
    return 0;
}

int renclave_unmap_locked(void *address, size_t bytes) {
    const size_t page = renclave_page_bytes();
    return result(munmap((char *)address - page, bytes + 2 * page));
}

int renclave_open_stop_signals(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    int error = pthread_sigmask(SIG_BLOCK, &signals, NULL);
    if (error != 0) {
        return -error;
    }
    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR) {
        return -errno;
    }
    int descriptor = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    return descriptor >= 0 ? descriptor : -errno;
}

void renclave_default_crash_signals(void) {
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGQUIT};
    for (size_t index = 0; index < sizeof crashes / sizeof crashes[0]; index++) {
        signal(crashes[index], SIG_DFL);
    }
}

int renclave_listen_unix(const char *path, int backlog) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        return -ENAMETOOLONG;
    }
    strcpy(address.sun_path, path);
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
        return -errno;
    }
    // The mode comes from the mask, so that there is no moment at which others could connect.
    mode_t before = umask(0177);
    int bound = bind(descriptor, (const struct sockaddr *)&address, sizeof address);
    int error = errno;
    umask(before);
    if (bound == 0 && listen(descriptor, backlog) == 0) {
        return descriptor;
    }
    error = bound == 0 ? errno : error;
    close(descriptor);
    return -error;
}

int renclave_accept(int listener) {
    int descriptor = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    return descriptor >= 0 ? descriptor : -errno;
}

int renclave_set_timeouts(int descriptor, int receive, int send) {
    const struct timeval in = {receive / 1000, (receive % 1000) * 1000};
    const struct timeval out = {send / 1000, (send % 1000) * 1000};
    if (setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &in, sizeof in) != 0) {
        return errno;
    }
    return result(setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &out, sizeof out));
}

int renclave_open_lock(const char *path) {
    int descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
    return descriptor >= 0 ? descriptor : -errno;
}

int renclave_lock(int descriptor) {
    return result(flock(descriptor, LOCK_EX | LOCK_NB));
}

int renclave_security_module_exchange(
    int descriptor, const void *request, size_t request_bytes, void *answer, size_t *answer_bytes
) {
    // What linux/nsm.h calls NSM_IOCTL_RAW; that header is younger than the systems this is built on.
    struct {
        struct iovec request;
        struct iovec answer;
    } message = {{(void *)request, request_bytes}, {answer, *answer_bytes}};
    if (ioctl(descriptor, _IOWR(0x0A, 0, message), &message) != 0) {
        return errno;
    }
    if (message.answer.iov_len > *answer_bytes) {
        return EPROTO;
    }
    *answer_bytes = message.answer.iov_len;
    return 0;
}

struct start {
    void (*body)(void *);
    void *context;
};

static void *run(void *argument) {
    struct start start = *(struct start *)argument;
    free(argument);
    start.body(start.context);
    return NULL;
}

int renclave_start_thread(const char *name, size_t stack_bytes, void (*body)(void *), void *context) {
    struct start *start = malloc(sizeof *start);
    if (start == NULL) {
        return ENOMEM;
    }
    start->body = body;
    start->context = context;

    pthread_attr_t attributes;
    int error = pthread_attr_init(&attributes);
    if (error == 0) {
        pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
        pthread_attr_setstacksize(&attributes, stack_bytes);
        sigset_t all, before;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        pthread_t thread;
        error = pthread_create(&thread, &attributes, run, start);
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        pthread_attr_destroy(&attributes);
        if (error == 0) {
            pthread_setname_np(thread, name);
        }
    }
    if (error != 0) {
        free(start);
    }
    return error;
}
