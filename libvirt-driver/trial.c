// SPDX-License-Identifier: LGPL-2.1-or-later
#include <config.h>

#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "helper.h"

/* Less than what the unit allows for all. */
#define TRIAL_SECONDS 8

#define TRIAL_MODULE LINK_DIR_NEW "/" MODULE


/* As the daemon does it: libvirt's library first, then the module, then its function. The
 * shim says itself why it leaves the layer out. */
static bool
trialLoad(void)
{
    void *module;
    int (*enroll)(void);

    if (!dlopen("libvirt.so.0", RTLD_NOW | RTLD_GLOBAL) ||
        !(module = dlopen(TRIAL_MODULE, RTLD_NOW | RTLD_GLOBAL))) {
        fprintf(stderr, "apmatrix: %s\n", dlerror());
        return false;
    }

    *(void **)&enroll = dlsym(module, "nodedevRegister");
    if (!enroll || enroll() < 0)
        return false;

    return dlopen(APMATRIX_LAYER, RTLD_NOW | RTLD_NOLOAD);
}


static void
trialChild(void)
{
    setenv("LIBVIRT_DRIVER_DIR", LINK_DIR_NEW, 1);
    alarm(TRIAL_SECONDS);
    /* No exit handlers: nothing of what was loaded is to run any more. */
    _exit(trialLoad() ? 0 : 1);
}


static bool
trialFailed(int status)
{
    char what[128];

    errno = 0;
    if (WIFEXITED(status))
        return helperRefuse("the trial was refused", NULL);

    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
        snprintf(what, sizeof(what), "the trial did not end within %d seconds", TRIAL_SECONDS);
    else
        snprintf(what, sizeof(what), "the trial crashed with signal %d (%s)",
                 WTERMSIG(status), strsignal(WTERMSIG(status)));
    return helperRefuse(what, NULL);
}


bool
trialRun(void)
{
    int status = 0;
    pid_t pid;

    fflush(NULL);
    pid = fork();
    if (pid == 0)
        trialChild();
    if (pid < 0 || TEMP_FAILURE_RETRY(waitpid(pid, &status, 0)) != pid)
        return helperRefuse("cannot run the trial", NULL);

    return status == 0 || trialFailed(status);
}
