// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What systemd runs before libvirt's daemon starts, when it is asked to stop, and after it did
 * (apmatrix.conf.in).
 * Whatever goes wrong, the file with the daemon's environment is not there, and the daemon
 * is the stock one.
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "helper.h"


/* Nothing is written into it before. */
static bool helperRunDirIsOurs;


static bool
helperWrite(const char *path,
            const char *text)
{
    char temp[256];
    size_t len = strlen(text);
    bool ok;
    int fd;

    snprintf(temp, sizeof(temp), "%s.new", path);
    unlink(temp);
    fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0)
        return false;

    ok = TEMP_FAILURE_RETRY(write(fd, text, len)) == (ssize_t)len;
    ok = close(fd) == 0 && ok;
    if (ok && rename(temp, path) == 0)
        return true;

    unlink(temp);
    return false;
}


bool
helperRefuse(const char *what,
             const char *path)
{
    const char *why = errno ? strerror(errno) : NULL;
    char text[1024];

    snprintf(text, sizeof(text), "%s%s%s%s%s\n", what, path ? " " : "", path ? path : "",
             why ? ": " : "", why ? why : "");
    fprintf(stderr, "apmatrix: libvirt starts without the AP layer: %s", text);
    if (helperRunDirIsOurs)
        helperWrite(STATE_FILE, text);

    return false;
}


/* Others may look into it; only root may have made it, and only root may write to it. */
static bool
helperRunDir(void)
{
    struct stat st;

    umask(022);
    if (mkdir(RUN_DIR, 0755) < 0 && errno != EEXIST)
        return helperRefuse("cannot make", RUN_DIR);

    if (lstat(RUN_DIR, &st) < 0)
        return helperRefuse("cannot look at", RUN_DIR);

    errno = 0;
    if (!S_ISDIR(st.st_mode) || st.st_uid != 0 || (st.st_mode & 022))
        return helperRefuse("not a directory that only root may write to:", RUN_DIR);

    helperRunDirIsOurs = true;
    return true;
}


static void
helperIdentifyOne(const char *path,
                  char *text,
                  size_t size)
{
    struct stat st = { 0 };

    if (stat(path, &st) == 0)
        snprintf(text, size, "%lu.%lld.%lld.%ld", (unsigned long)st.st_ino,
                 (long long)st.st_size, (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
    else
        snprintf(text, size, "none");
}


/* What is installed, so that an update of it gets a chance of its own. */
static void
helperIdentify(char *text,
               size_t size)
{
    char shim[128];
    char layer[128];

    helperIdentifyOne(APMATRIX_SHIM, shim, sizeof(shim));
    helperIdentifyOne(APMATRIX_LAYER, layer, sizeof(layer));
    snprintf(text, size, "%s %s", shim, layer);
}


/* Whether a daemon crashed with the layer as it is now. The first line of the file says with
 * which one, the second how. */
static bool
helperIsDisabled(void)
{
    FILE *file = fopen(CRASHED_FILE, "re");
    char identity[512];
    char line[512] = "";
    bool same;

    if (!file)
        return false;

    helperIdentify(identity, sizeof(identity));
    if (!fgets(line, sizeof(line), file))
        line[0] = '\0';
    fclose(file);
    line[strcspn(line, "\n")] = '\0';
    same = !strcmp(line, identity);
    if (!same)
        unlink(CRASHED_FILE);

    return same;
}


static int
helperPrepare(void)
{
    if (!helperRunDir())
        return EXIT_FAILURE;

    unlink(ENV_FILE);
    errno = 0;
    if (helperIsDisabled()) {
        helperRefuse("the daemon crashed with it; to try it again remove", CRASHED_FILE);
        return EXIT_FAILURE;
    }

    if (!linkdirBuild() || !trialRun() || !linkdirSwap())
        return EXIT_FAILURE;

    if (!helperWrite(ENV_FILE, "LIBVIRT_DRIVER_DIR=" LINK_DIR "\n")) {
        helperRefuse("cannot write", ENV_FILE);
        return EXIT_FAILURE;
    }

    helperWrite(STATE_FILE, "in use\n");
    return EXIT_SUCCESS;
}


/* What systemd says of a service that ended (systemd.exec(5), $SERVICE_RESULT); the others
 * are nobody's crash: success, oom-kill, resources, exec-condition, start-limit-hit. */
static bool
helperIsCrash(const char *result)
{
    static const char *const crashes[] = {
        "signal", "core-dump", "exit-code", "watchdog", "timeout", "protocol",
    };
    size_t i;

    for (i = 0; result && i < sizeof(crashes) / sizeof(crashes[0]); i++) {
        if (!strcmp(result, crashes[i]))
            return true;
    }

    return false;
}


/* How a daemon ends that was asked to says nothing of the layer: libvirt itself leaves with a
 * failure when its threads did not end within 30 s (11.3, src/rpc/virnetdaemon.c,
 * virNetDaemonRun), as one of them never does if it is between two locks at the wrong moment
 * (src/node_device/node_device_udev.c, nodeStateShutdownWait). For one that ended by itself
 * systemd runs this, too, but without $MAINPID (systemd.service(5), ExecStop=). */
static int
helperStopping(void)
{
    if (getenv("MAINPID"))
        unlink(ENV_FILE);

    return EXIT_SUCCESS;
}


static int
helperStopped(void)
{
    const char *result = getenv("SERVICE_RESULT");
    const char *status = getenv("EXIT_STATUS");
    char identity[512];
    char text[1024];

    if (!helperIsCrash(result) || access(ENV_FILE, F_OK) < 0)
        return EXIT_SUCCESS;

    unlink(ENV_FILE);
    helperIdentify(identity, sizeof(identity));
    snprintf(text, sizeof(text), "%s\n%s %s\n", identity, result, status ? status : "");
    helperWrite(CRASHED_FILE, text);
    fprintf(stderr, "apmatrix: the daemon ended (%s %s) with the AP layer in it; it starts "
            "without it from now on. Please report that. To try it again: rm %s\n",
            result, status ? status : "", CRASHED_FILE);

    return EXIT_SUCCESS;
}


/* Before the files of the package go. */
static int
helperRemove(void)
{
    static const char *const files[] = { ENV_FILE, STATE_FILE, CRASHED_FILE };
    size_t i;

    for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
        unlink(files[i]);
    linkdirRemove();
    /* There may be a lock of the command in it. */
    rmdir(RUN_DIR);

    return EXIT_SUCCESS;
}


int
main(int argc,
     char **argv)
{
    static const struct {
        const char *name;
        int (*run)(void);
    } verbs[] = {
        { "prepare", helperPrepare },
        { "stopping", helperStopping },
        { "stopped", helperStopped },
        { "remove", helperRemove },
    };
    size_t i;

    for (i = 0; argc == 2 && i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (!strcmp(argv[1], verbs[i].name))
            return verbs[i].run();
    }

    fprintf(stderr, "usage: apmatrix-libvirt prepare|stopping|stopped|remove\n");
    return EXIT_FAILURE;
}
