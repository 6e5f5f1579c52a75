// SPDX-License-Identifier: LGPL-2.1-or-later
#include <config.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "helper.h"


/* Directories of links only; what else somebody put there stays, and rmdir() fails. */
static void
linkdirRemoveOne(const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *entry;

    while (dir && (entry = readdir(dir)))
        unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir)
        closedir(dir);
    rmdir(path);
}


void
linkdirRemove(void)
{
    linkdirRemoveOne(LINK_DIR_NEW);
    linkdirRemoveOne(LINK_DIR);
}


static bool
linkdirIsModule(const char *name)
{
    size_t len = strlen(name);

    return len > 3 && !strcmp(name + len - 3, ".so");
}


static bool
linkdirAdd(const char *name)
{
    char target[4096];
    char link[4096];

    snprintf(link, sizeof(link), "%s/%s", LINK_DIR_NEW, name);
    if (strcmp(name, MODULE))
        snprintf(target, sizeof(target), "%s/%s", APMATRIX_STOCK_DIR, name);
    else
        snprintf(target, sizeof(target), "%s", APMATRIX_SHIM);
    if (symlink(target, link) < 0)
        return helperRefuse("cannot make", link);

    return true;
}


static bool
linkdirFill(DIR *dir)
{
    struct dirent *entry;

    while ((entry = readdir(dir))) {
        if (linkdirIsModule(entry->d_name) && !linkdirAdd(entry->d_name))
            return false;
    }

    return true;
}


static bool
linkdirNeed(const char *path)
{
    if (access(path, R_OK) == 0)
        return true;

    return helperRefuse("cannot read", path);
}


bool
linkdirBuild(void)
{
    DIR *dir;
    bool ok;

    /* Without these the daemon would have no node devices at all. */
    if (!linkdirNeed(APMATRIX_STOCK_DIR "/" MODULE) || !linkdirNeed(APMATRIX_SHIM) ||
        !linkdirNeed(APMATRIX_LAYER))
        return false;

    linkdirRemoveOne(LINK_DIR_NEW);
    if (mkdir(LINK_DIR_NEW, 0755) < 0)
        return helperRefuse("cannot make", LINK_DIR_NEW);

    dir = opendir(APMATRIX_STOCK_DIR);
    if (!dir)
        return helperRefuse("cannot read", APMATRIX_STOCK_DIR);

    ok = linkdirFill(dir);
    closedir(dir);

    return ok;
}


bool
linkdirSwap(void)
{
    int rc = renameat2(AT_FDCWD, LINK_DIR_NEW, AT_FDCWD, LINK_DIR, RENAME_EXCHANGE);

    if (rc < 0 && errno == ENOENT)
        rc = rename(LINK_DIR_NEW, LINK_DIR);
    if (rc < 0)
        return helperRefuse("cannot make", LINK_DIR);

    linkdirRemoveOne(LINK_DIR_NEW);
    return true;
}
