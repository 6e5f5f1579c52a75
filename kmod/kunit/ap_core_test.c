// SPDX-License-Identifier: GPL-2.0-only
/*
 * core/ as the kernel has it (ap_host.ko's exports), at its largest sizes.
 */
#include <linux/mm.h>
#include "apm_kunit.h"
#include "../../core/ap_device.h"
#include "../../core/ap_text.h"

static const struct ap_matrix full = {
	.apm = { { ~0ULL, ~0ULL, ~0ULL, ~0ULL } },
	.aqm = { { ~0ULL, ~0ULL, ~0ULL, ~0ULL } },
	.adm = { { ~0ULL, ~0ULL, ~0ULL, ~0ULL } },
};

/* Big: too much for a kernel stack. */
struct fixture {
	struct ap_queues queues;
	struct ap_claims claims;
	struct ap_device device;
	struct ap_filtered filtered;
};

static int core_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, f);
	for (i = 0; i < AP_IDS; i++) {
		f->queues.bound[i] = APM_MASK_ALL;
		f->queues.clean[i] = APM_MASK_ALL;
	}
	test->priv = f;
	return 0;
}

static void filter_passes_all(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct ap_matrix none = APM_MATRIX_NONE;

	apm_filter(&full, &full, &f->queues, &none, &f->filtered);
	KUNIT_EXPECT_TRUE(test, apm_matrix_equal(&f->filtered.shadow, &full));
	KUNIT_EXPECT_TRUE(test, apm_mask_empty(&f->filtered.unbound));
	KUNIT_EXPECT_EQ(test, 65536, apm_matrix_queues(&f->filtered.shadow));
}

static void filter_withholds_one_adapter_each(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct ap_matrix none = APM_MATRIX_NONE;

	apm_mask_clear(&f->queues.bound[0], 255);
	apm_mask_clear(&f->queues.clean[0], 255);
	apm_mask_clear(&f->queues.clean[255], 0);
	apm_filter(&full, &full, &f->queues, &none, &f->filtered);
	KUNIT_EXPECT_EQ(test, 254, apm_mask_weight(&f->filtered.shadow.apm));
	KUNIT_EXPECT_EQ(test, 256, apm_mask_weight(&f->filtered.shadow.aqm));
	KUNIT_EXPECT_TRUE(test, apm_mask_test(&f->filtered.unbound, 0));
	KUNIT_EXPECT_TRUE(test, apm_mask_test(&f->filtered.unclean_apm, 255));
}

/* An unclean queue withholds the newcomer, here a domain, and nothing that stays. */
static void filter_keeps_what_stays(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct ap_matrix prev = full;

	apm_mask_clear(&prev.aqm, 63);
	apm_mask_clear(&f->queues.clean[128], 63);
	apm_mask_clear(&f->queues.clean[7], 7);
	apm_filter(&full, &full, &f->queues, &prev, &f->filtered);
	KUNIT_EXPECT_TRUE(test, apm_matrix_equal(&f->filtered.shadow, &prev));
	KUNIT_EXPECT_EQ(test, 1, apm_mask_weight(&f->filtered.unclean_aqm));
	KUNIT_EXPECT_TRUE(test, apm_mask_test(&f->filtered.unclean_aqm, 63));
}

static void device_gains_together(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct ap_matrix next;

	f->device.assigned = full;
	f->device.newcomers = full;
	apm_mask_clear(&f->queues.clean[9], 9);
	apm_mask_set(&f->queues.resetting[9], 9);
	next = apm_device_next(&f->device, &full, &f->queues);
	KUNIT_EXPECT_TRUE(test, f->device.pending);
	KUNIT_EXPECT_EQ(test, 0, apm_matrix_queues(&next));
	apm_mask_clear(&f->device.newcomers.apm, 255);
	next = apm_device_next(&f->device, &full, &f->queues);
	KUNIT_EXPECT_EQ(test, 0, apm_matrix_queues(&next));
	KUNIT_EXPECT_TRUE(test, apm_mask_test(&next.apm, 255));
	f->device.newcomers = APM_MATRIX_NONE;
	next = apm_device_next(&f->device, &full, &f->queues);
	KUNIT_EXPECT_TRUE(test, f->device.waiting);
	KUNIT_EXPECT_FALSE(test, f->device.pending);
	KUNIT_EXPECT_EQ(test, 255 * 256, apm_matrix_queues(&next));
	apm_mask_set(&f->queues.clean[9], 9);
	apm_mask_clear(&f->queues.resetting[9], 9);
	f->device.newcomers = full;
	next = apm_device_next(&f->device, &full, &f->queues);
	KUNIT_EXPECT_FALSE(test, f->device.waiting);
	KUNIT_EXPECT_TRUE(test, apm_matrix_equal(&next, &full));
}

static void claims_tell_the_first_conflict(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct ap_matrix corner = APM_MATRIX_NONE;
	unsigned int apid = 0, apqi = 0;

	apm_mask_set(&corner.apm, 255);
	apm_mask_set(&corner.aqm, 255);
	KUNIT_EXPECT_TRUE(test, apm_claims_add(&f->claims, &corner, &apid, &apqi));
	KUNIT_EXPECT_FALSE(test, apm_claims_add(&f->claims, &full, &apid, &apqi));
	KUNIT_EXPECT_EQ(test, 255, apid);
	KUNIT_EXPECT_EQ(test, 255, apqi);
	KUNIT_EXPECT_TRUE(test, apm_mask_empty(&f->claims.taken[0]));
}

static void config_text_and_back(struct kunit *test)
{
	char *text = kunit_kzalloc(test, AP_CONFIG_TEXT + 1, GFP_KERNEL);
	struct ap_matrix m = APM_MATRIX_NONE;

	KUNIT_ASSERT_NOT_NULL(test, text);
	apm_text_put_config(&full, text);
	KUNIT_EXPECT_EQ(test, AP_CONFIG_TEXT, strlen(text));
	KUNIT_EXPECT_EQ(test, 0, apm_text_config(text, &m));
	KUNIT_EXPECT_TRUE(test, apm_matrix_equal(&m, &full));
	text[AP_CONFIG_TEXT - 2] = 'g';
	KUNIT_EXPECT_EQ(test, -EINVAL, apm_text_config(text, &m));
	KUNIT_EXPECT_TRUE(test, apm_matrix_equal(&m, &full));
}

/* The whole listing, taken in pieces whose size is no multiple of a line. */
static void listing_in_pieces(struct kunit *test)
{
	size_t size = apm_text_matrix_size(&full), off = 0, n;
	char *text = kvzalloc(size + 1, GFP_KERNEL);
	unsigned int bad = 0, i;
	char line[16];

	KUNIT_ASSERT_NOT_NULL(test, text);
	KUNIT_EXPECT_EQ(test, 524288, size);
	do {
		n = apm_text_matrix(&full, off, text + off, min_t(size_t, 4093, size - off));
		off += n;
	} while (n && off < size);
	for (i = 0; i < 65536; i++) {
		snprintf(line, sizeof(line), "%02x.%04x\n", i >> 8, i & 255);
		bad += !!memcmp(text + i * 8, line, 8);
	}
	kvfree(text);
	KUNIT_EXPECT_EQ(test, size, off);
	KUNIT_EXPECT_EQ(test, 0, bad);
}

static struct kunit_case core_cases[] = { KUNIT_CASE(filter_passes_all),
					  KUNIT_CASE(filter_withholds_one_adapter_each),
					  KUNIT_CASE(filter_keeps_what_stays),
					  KUNIT_CASE(device_gains_together),
					  KUNIT_CASE(claims_tell_the_first_conflict),
					  KUNIT_CASE(config_text_and_back),
					  KUNIT_CASE_SLOW(listing_in_pieces),
					  {} };

struct kunit_suite apm_core_suite = {
	.name = "apm_core",
	.init = core_init,
	.test_cases = core_cases,
};
