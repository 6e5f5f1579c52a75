/*
 * The arithmetic of the modelled adapters, by OpenSSL
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "qemu/osdep.h"
#include <openssl/bn.h>
#include "qemu/guest-random.h"
#include "ap-model.h"

static BIGNUM *ap_number(BN_CTX *ctx, const struct ap_number *n)
{
    return BN_bin2bn(n->data, n->len, BN_CTX_get(ctx));
}

static int ap_put(const BIGNUM *v, uint8_t *out, unsigned int len)
{
    return BN_bn2binpad(v, out, len) < 0 ? -EINVAL : 0;
}

static int ap_modexp(uint8_t *out, unsigned int len, const struct ap_number *in,
                     const struct ap_number *e, const struct ap_number *n)
{
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *base, *exp, *mod, *res;
    int rc = -EINVAL;

    BN_CTX_start(ctx);
    base = ap_number(ctx, in);
    exp = ap_number(ctx, e);
    mod = ap_number(ctx, n);
    res = BN_CTX_get(ctx);
    if (BN_mod_exp(res, base, exp, mod, ctx)) {
        rc = ap_put(res, out, len);
    }
    BN_CTX_end(ctx);
    BN_CTX_free(ctx);
    return rc;
}

/* Garner: m1 = c^dp mod p, m2 = c^dq mod q, m = m2 + q * (u * (m1 - m2) mod p) */
static int ap_crt(uint8_t *out, unsigned int len, const struct ap_number *in,
                  const struct ap_number key[5])
{
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *c, *p, *q, *dp, *dq, *u, *m1, *m2;
    int rc = -EINVAL;

    BN_CTX_start(ctx);
    c = ap_number(ctx, in);
    p = ap_number(ctx, &key[0]);
    q = ap_number(ctx, &key[1]);
    dp = ap_number(ctx, &key[2]);
    dq = ap_number(ctx, &key[3]);
    u = ap_number(ctx, &key[4]);
    m1 = BN_CTX_get(ctx);
    m2 = BN_CTX_get(ctx);
    if (BN_mod_exp(m1, c, dp, p, ctx) && BN_mod_exp(m2, c, dq, q, ctx) &&
        BN_mod_sub(m1, m1, m2, p, ctx) && BN_mod_mul(m1, m1, u, p, ctx) &&
        BN_mul(m1, m1, q, ctx) && BN_add(m1, m1, m2)) {
        rc = ap_put(m1, out, len);
    }
    BN_CTX_end(ctx);
    BN_CTX_free(ctx);
    return rc;
}

static void ap_random(uint8_t *out, unsigned int len)
{
    qemu_guest_getrandom_nofail(out, len);
}

const struct ap_firmware ap_model_firmware = {
    .modexp = ap_modexp,
    .crt = ap_crt,
    .random = ap_random,
};
