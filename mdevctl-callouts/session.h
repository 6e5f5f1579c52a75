/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the calls of one mdevctl leave for its later ones: a file for each process, below
 * run/apmatrix/mdevctl. Values are texts.
 *
 *   guarded         a guard looks after this mdevctl
 *   uuid            the device that all below is about
 *   defined, active what definition and device were before, for people
 *   result, reason  of the last call: "done" or "refused", and why
 *   live            "changed" or "restored", after live modify
 *   old, new        ap_config before and after it
 */
#ifndef APMATRIX_SESSION_H
#define APMATRIX_SESSION_H

#include "call.h"

/**
 * session_open() - read what is left
 * @c: a call; its session is set, empty if there is none of this very process
 */
void session_open(struct call *c);

/**
 * session_begin() - a new command begins, or goes on
 * @c: a call
 *
 * Forgets what is about another device, notes the state before, and removes the files of
 * processes that are gone.
 */
void session_begin(struct call *c);

/**
 * session_get() - a value
 * @c: a call
 * @key: its name
 *
 * Return: the text, to be freed; NULL if there is none
 */
char *session_get(const struct call *c, const char *key);

/**
 * session_set() - set a value, and keep all
 * @c: a call
 * @key: its name
 * @value: the text; NULL for none
 */
void session_set(struct call *c, const char *key, const char *value);

/**
 * session_describe_defined() - the definition in words
 * @c: a call
 *
 * Return: "auto, adapters 05, domains 0004", to be freed
 */
char *session_describe_defined(const struct call *c);

/**
 * session_describe_active() - the active device in words
 * @c: a call
 *
 * Return: "adapters 05, domains 0004", to be freed
 */
char *session_describe_active(const struct call *c);

/**
 * session_remove() - forget a process
 * @host: the host
 * @pid: a mdevctl that is gone
 */
void session_remove(const ApHost *host, pid_t pid);

#endif
