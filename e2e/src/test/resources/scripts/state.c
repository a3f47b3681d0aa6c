/*
 * Prints what a program inherits besides its environment, a line each: name=value. Compiled, because an interpreter
 * changes signals and opens descriptors of its own before a script can look.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static void descriptors(void)
{
    for (int fd = 0; fd < 65536; fd++) {
        if (fcntl(fd, F_GETFD) < 0)
            continue;
        char link[64], target[512];
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t length = readlink(link, target, sizeof target - 1);
        target[length < 0 ? 0 : length] = 0;
        printf("fd.%d=%s flags=%x\n", fd, target, fcntl(fd, F_GETFL));
    }
}

static void signals(void)
{
    sigset_t mask;
    sigprocmask(SIG_BLOCK, NULL, &mask);
    for (int number = 1; number < 65; number++) {
        struct sigaction action;
        if (sigismember(&mask, number) == 1)
            printf("blocked.%d=yes\n", number);
        if (sigaction(number, NULL, &action) == 0 && action.sa_handler != SIG_DFL)
            printf("not-default.%d=yes\n", number);
    }
}

int main(int argc, char **argv)
{
    char directory[4096];
    struct rlimit files;
    puts("Content-Type: text/plain\n");
    printf("argc=%d\nargv.0=%s\n", argc, argv[0]);
    printf("cwd=%s\n", getcwd(directory, sizeof directory));
    printf("pid=%d\nppid=%d\npgid=%d\nsid=%d\n", getpid(), getppid(), getpgrp(), getsid(0));
    getrlimit(RLIMIT_NOFILE, &files);
    printf("nofile.soft=%lu\nnofile.hard=%lu\n", (unsigned long)files.rlim_cur, (unsigned long)files.rlim_max);
    mode_t mask = umask(0);
    printf("umask=%03o\n", mask);
    printf("uid=%d\neuid=%d\ngid=%d\negid=%d\n", getuid(), geteuid(), getgid(), getegid());
    fflush(stdout);
    descriptors();
    signals();
    return 0;
}
