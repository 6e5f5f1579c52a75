// SPDX-License-Identifier: GPL-2.0-only
/*
 * The arithmetic of the simulated adapters, by the kernel's multi-precision integers.
 */
#include <linux/mpi.h>
#include <linux/random.h>
#include <linux/string.h>
#include "ap_sim.h"

DEFINE_FREE(mpi, MPI, if (_T) mpi_free(_T))

static MPI read(const struct ap_number *n)
{
	return mpi_read_raw_data(n->data, n->len);
}

/* Right-justified, as all numbers of these messages. */
static int put(MPI v, u8 *out, unsigned int len)
{
	unsigned int n;
	int rc, sign;

	rc = mpi_read_buffer(v, out, len, &n, &sign);
	if (rc)
		return rc;
	memmove(out + len - n, out, n);
	memset(out, 0, len - n);
	return 0;
}

static int modexp(u8 *out, unsigned int len, const struct ap_number *in, const struct ap_number *e,
		  const struct ap_number *n)
{
	MPI base __free(mpi) = read(in);
	MPI exp __free(mpi) = read(e);
	MPI mod __free(mpi) = read(n);
	MPI res __free(mpi) = mpi_alloc(0);

	if (!base || !exp || !mod || !res)
		return -ENOMEM;
	return mpi_powm(res, base, exp, mod) ?: put(res, out, len);
}

/* base ^ e mod m, of a base that may be larger than m */
static int half(MPI res, MPI base, const struct ap_number *e, MPI m)
{
	MPI exp __free(mpi) = read(e);
	MPI small __free(mpi) = mpi_alloc(0);
	MPI zero __free(mpi) = mpi_alloc(0);

	if (!exp || !small || !zero)
		return -ENOMEM;
	/* mpi_mod() is not exported. */
	return mpi_addm(small, base, zero, m) ?: mpi_powm(res, small, exp, m);
}

/* Garner: m1 = c^dp mod p, m2 = c^dq mod q, m = m2 + q * (u * (m1 - m2) mod p) */
static int join(u8 *out, unsigned int len, MPI m1, MPI m2, MPI p, MPI q, MPI u)
{
	MPI h __free(mpi) = mpi_alloc(0);
	MPI t __free(mpi) = mpi_alloc(0);
	int rc;

	if (!h || !t)
		return -ENOMEM;
	rc = mpi_subm(h, m1, m2, p);
	if (!rc)
		rc = mpi_mulm(t, h, u, p);
	if (!rc)
		rc = mpi_mul(h, t, q);
	if (!rc)
		rc = mpi_add(t, h, m2);
	return rc ?: put(t, out, len);
}

/* The modulus is not in the request, but what is not below it is refused all the same. */
static int below_product(MPI base, MPI p, MPI q)
{
	MPI n __free(mpi) = mpi_alloc(0);
	int rc;

	if (!n)
		return -ENOMEM;
	rc = mpi_mul(n, p, q);
	if (rc)
		return rc;
	return mpi_cmp(base, n) < 0 ? 0 : -EINVAL;
}

static int crt(u8 *out, unsigned int len, const struct ap_number *in, const struct ap_number key[5])
{
	MPI base __free(mpi) = read(in);
	MPI p __free(mpi) = read(&key[0]);
	MPI q __free(mpi) = read(&key[1]);
	MPI u __free(mpi) = read(&key[4]);
	MPI m1 __free(mpi) = mpi_alloc(0);
	MPI m2 __free(mpi) = mpi_alloc(0);
	int rc;

	if (!base || !p || !q || !u || !m1 || !m2)
		return -ENOMEM;
	rc = below_product(base, p, q);
	if (!rc)
		rc = half(m1, base, &key[2], p);
	if (!rc)
		rc = half(m2, base, &key[3], q);
	return rc ?: join(out, len, m1, m2, p, q, u);
}

static void random(u8 *out, unsigned int len)
{
	get_random_bytes(out, len);
}

const struct ap_firmware ap_sim_firmware = {
	.modexp = modexp,
	.crt = crt,
	.random = random,
};
