// SPDX-License-Identifier: LGPL-2.1-or-later
#include <inttypes.h>

#include "ap_text.h"
#include "random.h"

#define ROUNDS 3000

static struct ap_mask mask_of(const char *ids)
{
	g_auto(GStrv) words = g_strsplit(ids, " ", -1);
	struct ap_mask m = APM_MASK_NONE;
	unsigned int i;

	for (i = 0; words[i]; i++)
		if (*words[i])
			apm_mask_set(&m, g_ascii_strtoull(words[i], NULL, 0));
	return m;
}

static const struct {
	const char *text;
	int rc;
	guint64 value;
} numbers[] = {
	{ "0", 0, 0 },
	{ "5", 0, 5 },
	{ "+5", 0, 5 },
	{ "5\n", 0, 5 },
	{ "255", 0, 255 },
	{ "0x47", 0, 0x47 },
	{ "0X4f", 0, 0x4f },
	{ "0xAB\n", 0, 0xab },
	{ "010", 0, 8 },
	{ "00", 0, 0 },
	{ "0x0000000000000000000000005", 0, 5 },
	{ "18446744073709551615", 0, G_MAXUINT64 },
	{ "0xffffffffffffffff", 0, G_MAXUINT64 },
	{ "01777777777777777777777", 0, G_MAXUINT64 },
	{ "18446744073709551616", -ERANGE, 0 },
	{ "0x10000000000000000", -ERANGE, 0 },
	{ "02000000000000000000000", -ERANGE, 0 },
	{ "99999999999999999999999999", -ERANGE, 0 },
	{ "99999999999999999999999999x", -ERANGE, 0 },
	{ "", -EINVAL, 0 },
	{ "\n", -EINVAL, 0 },
	{ "+", -EINVAL, 0 },
	{ "++5", -EINVAL, 0 },
	{ "-5", -EINVAL, 0 },
	{ "-0", -EINVAL, 0 },
	{ " 5", -EINVAL, 0 },
	{ "5 ", -EINVAL, 0 },
	{ "5\n\n", -EINVAL, 0 },
	{ "5\r\n", -EINVAL, 0 },
	{ "0x", -EINVAL, 0 },
	{ "0xg", -EINVAL, 0 },
	{ "x5", -EINVAL, 0 },
	{ "08", -EINVAL, 0 },
	{ "5a", -EINVAL, 0 },
	{ "a", -EINVAL, 0 },
	{ "five", -EINVAL, 0 },
	{ "5,6", -EINVAL, 0 },
	{ "1e3", -EINVAL, 0 },
};

static void test_number(void)
{
	unsigned int i;
	__u64 value;

	for (i = 0; i < G_N_ELEMENTS(numbers); i++) {
		value = 4711;
		g_test_message("number '%s'", numbers[i].text);
		g_assert_cmpint(apm_text_number(numbers[i].text, &value), ==, numbers[i].rc);
		g_assert_cmpuint(value, ==, numbers[i].rc ? 4711 : numbers[i].value);
	}
}

static void test_number_round_trip(void)
{
	static const char *const formats[] = { "%" PRIu64, "0x%" PRIx64, "0%" PRIo64, "+%" PRIu64 };
	unsigned int i, f;
	guint64 want;
	__u64 value;

	random_init();
	for (i = 0; i < ROUNDS; i++) {
		want = random_u64() >> random_below(64);
		for (f = 0; f < G_N_ELEMENTS(formats); f++) {
			g_autofree char *text = NULL;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
			text = g_strdup_printf(formats[f], want);
#pragma GCC diagnostic pop
			g_assert_cmpint(apm_text_number(text, &value), ==, 0);
			g_assert_cmpuint(value, ==, want);
		}
	}
}

static void test_id(void)
{
	unsigned int max, v, id;

	for (max = 0; max <= AP_ID_MAX; max++) {
		for (v = 0; v < 300; v++) {
			g_autofree char *text = g_strdup_printf("%#x", v);

			id = 4711;
			g_assert_cmpint(apm_text_id(text, max, &id), ==, v > max ? -ENODEV : 0);
			g_assert_cmpuint(id, ==, v > max ? 4711 : v);
		}
	}
	id = 4711;
	g_assert_cmpint(apm_text_id("x", 255, &id), ==, -EINVAL);
	g_assert_cmpint(apm_text_id("", 255, &id), ==, -EINVAL);
	g_assert_cmpint(apm_text_id("-1", 255, &id), ==, -EINVAL);
	g_assert_cmpint(apm_text_id("18446744073709551616", 255, &id), ==, -ERANGE);
	g_assert_cmpint(apm_text_id("4294967296", 255, &id), ==, -ENODEV);
	g_assert_cmpint(apm_text_id("4294967301", 255, &id), ==, -ENODEV);
	g_assert_cmpuint(id, ==, 4711);
}

#define ZEROS_60 "000000000000000000000000000000000000000000000000000000000000"
#define FULL "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"

static void test_mask_values(void)
{
	static const struct {
		const char *text, *ids;
	} cases[] = {
		{ "0x8", "0" },
		{ "0x80", "0" },
		{ "80", "0" },
		{ "0x80\n", "0" },
		{ "0x0", "" },
		{ "0", "" },
		{ "0x06", "5 6" },
		{ "0xC3", "0 1 6 7" },
		{ "0xc3", "0 1 6 7" },
		{ "0x0000000000000001", "63" },
		{ "0x00000000000000008", "64" },
		{ "0x" ZEROS_60 "0001", "255" },
		{ "0x" ZEROS_60 "8000\n", "240" },
	};
	struct ap_mask m, want;
	unsigned int i;

	for (i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("mask '%s'", cases[i].text);
		m = APM_MASK_ALL;
		want = mask_of(cases[i].ids);
		g_assert_cmpint(apm_text_mask(cases[i].text, &m), ==, 0);
		g_assert_true(apm_mask_equal(&m, &want));
	}
	g_assert_cmpint(apm_text_mask("0x" FULL, &m), ==, 0);
	g_assert_true(apm_mask_equal(&m, &APM_MASK_ALL));
}

static void test_mask_errors(void)
{
	static const char *const bad[] = {
		"",	"\n",	"0x",	 "0x\n",    "x",	   "0xg",     "0x5g",
		"g",	" 0x5", "0x5 ",	 "0x 5",    "0x5\n\n",	   "0x5\r\n", "-0x5",
		"+0x5", "+5",	"0x0x5", "0x5,0x5", "0x" FULL "0", FULL "0",  "0x" FULL "\n\n",
	};
	struct ap_mask m = mask_of("17 200"), before = m;
	unsigned int i;

	for (i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_test_message("mask '%s'", bad[i]);
		g_assert_cmpint(apm_text_mask(bad[i], &m), ==, -EINVAL);
		g_assert_true(apm_mask_equal(&m, &before));
	}
}

static void test_mask_round_trip(void)
{
	struct ap_mask m, back;
	char text[AP_MASK_TEXT + 2];
	int i;

	random_init();
	for (i = 0; i < ROUNDS; i++) {
		m = random_mask(random_below(101));
		memset(text, '#', sizeof(text));
		apm_text_put_mask(&m, text);
		g_assert_cmpint(text[AP_MASK_TEXT], ==, '#');
		text[AP_MASK_TEXT] = '\0';
		g_assert_cmpint(apm_text_mask(text, &back), ==, 0);
		g_assert_true(apm_mask_equal(&m, &back));
	}
}

static void test_mask_change(void)
{
	static const struct {
		const char *old, *text, *ids;
	} cases[] = {
		{ "1 2", "0x80", "0" },	 { "1 2", "0x0\n", "" },
		{ "", "+5", "5" },	 { "5", "+5", "5" },
		{ "5 6", "-5", "6" },	 { "6", "-5", "6" },
		{ "", "+3-5", "3 4 5" }, { "3 4 5", "-3-4", "5" },
		{ "", "+0x47", "0x47" }, { "9", "+3-5,-0x9", "3 4 5" },
		{ "", "+010", "8" },	 { "", "+1,+2\n", "1 2" },
		{ "", "+1\n", "1" },	 { "", "+1+2", "1 2" },
		{ "", "+1-3-2", "1 3" }, { "", "+255", "255" },
		{ "", "+7-7", "7" },	 { "", "+1,,+2", "1 2" },
	};
	struct ap_mask old, m, want;
	unsigned int i;

	for (i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("change '%s'", cases[i].text);
		old = mask_of(cases[i].old);
		want = mask_of(cases[i].ids);
		g_assert_cmpint(apm_text_mask_change(cases[i].text, &old, &m), ==, 0);
		g_assert_true(apm_mask_equal(&m, &want));
		g_assert_cmpint(apm_text_mask_change(cases[i].text, &old, &old), ==, 0);
		g_assert_true(apm_mask_equal(&old, &want));
	}
}

static void test_mask_change_all(void)
{
	struct ap_mask m = APM_MASK_NONE;

	g_assert_cmpint(apm_text_mask_change("+0-255", &m, &m), ==, 0);
	g_assert_true(apm_mask_equal(&m, &APM_MASK_ALL));
	g_assert_cmpint(apm_text_mask_change("-0-0xff", &m, &m), ==, 0);
	g_assert_true(apm_mask_empty(&m));
}

static void test_mask_change_errors(void)
{
	static const char *const bad[] = {
		"",	  "\n",	 "+",	 "-",	   "+256", "+-5",
		"+x",	  "+5-", "+6-5", "+0-256", "+5,6", "+5 ",
		"+5, +6", "+5x", "0x",	 "+0x",	   "+5,-", "+18446744073709551621",
		"+1-256", ",+5", "*5",
	};
	struct ap_mask old = mask_of("17 200"), m = mask_of("3"), before = m;
	unsigned int i;

	for (i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_test_message("change '%s'", bad[i]);
		g_assert_cmpint(apm_text_mask_change(bad[i], &old, &m), ==, -EINVAL);
		g_assert_true(apm_mask_equal(&m, &before));
	}
}

static void test_config_values(void)
{
	struct ap_matrix m, want = { mask_of("5 6"), mask_of("4 0x47"), mask_of("0") };

	g_assert_cmpint(apm_text_config("0x06,0x080000000000000001,0x8", &m), ==, 0);
	g_assert_true(apm_matrix_equal(&m, &want));
	g_assert_cmpint(apm_text_config("06,080000000000000001,8\n", &m), ==, 0);
	g_assert_true(apm_matrix_equal(&m, &want));
	want = APM_MATRIX_NONE;
	g_assert_cmpint(apm_text_config("0x0,0x0,0x0\n", &m), ==, 0);
	g_assert_true(apm_matrix_equal(&m, &want));
}

static void test_config_errors(void)
{
	static const char *const bad[] = {
		"",
		"\n",
		",",
		",,",
		",,\n",
		"0x1",
		"0x1,",
		"0x1,0x1",
		"0x1,0x1,",
		"0x1,0x1\n",
		"0x1,0x1,\n",
		"0x1,,0x1",
		",0x1,0x1",
		"0x1,0x1,0x1,",
		"0x1,0x1,0x1,0x1",
		"0x1,0x1,0x1\n\n",
		"0x1,0x1,0x1 ",
		"0x1, 0x1,0x1",
		"0x1\n0x1\n0x1",
		"0x1,0x1,0xg",
		"0x1,0x1,0x1\nx",
		"0x" FULL "0,0x1,0x1",
		"0x1,0x" FULL "0,0x1",
		"0x1,0x1,0x" FULL "0",
	};
	struct ap_matrix m, before;
	unsigned int i;

	random_init();
	m = before = random_matrix(20);
	for (i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_test_message("config '%s'", bad[i]);
		g_assert_cmpint(apm_text_config(bad[i], &m), ==, -EINVAL);
		g_assert_true(apm_matrix_equal(&m, &before));
	}
}

static void test_config_round_trip(void)
{
	char text[AP_CONFIG_TEXT + 2];
	struct ap_matrix m, back;
	int i;

	random_init();
	for (i = 0; i < ROUNDS; i++) {
		m = random_matrix(random_below(101));
		memset(text, '#', sizeof(text));
		apm_text_put_config(&m, text);
		g_assert_cmpint(text[AP_CONFIG_TEXT - 1], ==, '\n');
		g_assert_cmpint(text[AP_CONFIG_TEXT], ==, '#');
		text[AP_CONFIG_TEXT] = '\0';
		g_assert_cmpint(apm_text_config(text, &back), ==, 0);
		g_assert_true(apm_matrix_equal(&m, &back));
	}
}

/* Random damage to valid text: the parsers answer 0 or an errno and read nothing beyond it. */
static void test_damaged_text(void)
{
	static const char noise[] = "0123456789abcdefxXgG,+-\n \t\r";
	char text[AP_CONFIG_TEXT + 1];
	struct ap_matrix m, out;
	unsigned int id, n;
	struct ap_mask mask;
	__u64 value;
	int i;

	random_init();
	for (i = 0; i < 20 * ROUNDS; i++) {
		g_autofree char *tight = NULL;

		m = random_matrix(random_below(101));
		apm_text_put_config(&m, text);
		text[AP_CONFIG_TEXT] = '\0';
		for (n = random_below(4); n; n--)
			text[random_below(AP_CONFIG_TEXT)] = noise[random_below(sizeof(noise))];
		if (random_below(2))
			text[random_below(AP_CONFIG_TEXT)] = '\0';
		/* on the heap and without slack, so that an overrun is seen */
		tight = g_strdup(text + random_below(AP_CONFIG_TEXT));
		apm_text_config(tight, &out);
		apm_text_mask(tight, &mask);
		apm_text_mask_change(tight, &m.apm, &mask);
		apm_text_id(tight, AP_ID_MAX, &id);
		apm_text_number(tight, &value);
	}
}

static GString *naive_listing(const struct ap_matrix *m)
{
	bool adapters = !apm_mask_empty(&m->apm), domains = !apm_mask_empty(&m->aqm);
	GString *s = g_string_new(NULL);
	unsigned int apid, apqi;

	for (apid = 0; apid < AP_IDS; apid++)
		for (apqi = 0; apqi < AP_IDS && adapters && domains; apqi++)
			if (apm_matrix_has(m, apid, apqi))
				g_string_append_printf(s, "%02x.%04x\n", apid, apqi);
	for (apid = 0; apid < AP_IDS && !domains; apid++)
		if (apm_mask_test(&m->apm, apid))
			g_string_append_printf(s, "%02x.\n", apid);
	for (apqi = 0; apqi < AP_IDS && !adapters; apqi++)
		if (apm_mask_test(&m->aqm, apqi))
			g_string_append_printf(s, ".%04x\n", apqi);
	return s;
}

static void check_listing_part(const struct ap_matrix *m, const GString *all, size_t off,
			       size_t len)
{
	g_autofree char *buf = g_malloc(len + 1);
	size_t want = off >= all->len ? 0 : MIN(len, all->len - off);

	memset(buf, '#', len + 1);
	g_assert_cmpuint(apm_text_matrix(m, off, buf, len), ==, want);
	g_assert_cmpmem(buf, want, all->str + MIN(off, all->len), want);
	g_assert_cmpint(buf[want], ==, '#');
}

static void check_listing(const struct ap_matrix *m)
{
	GString *all = naive_listing(m);
	size_t off, len;

	g_assert_cmpuint(apm_text_matrix_size(m), ==, all->len);
	for (off = 0; off <= all->len + 3; off++)
		for (len = 0; len <= all->len + 3; len++)
			check_listing_part(m, all, off, len);
	g_string_free(all, TRUE);
}

static void test_matrix_parts(void)
{
	static const struct {
		const char *apm, *aqm;
	} cases[] = {
		{ "", "" },
		{ "5", "" },
		{ "", "0x47" },
		{ "5 6 255", "" },
		{ "", "0 4 0x47 255" },
		{ "5", "0x47" },
		{ "5 6", "4 0x47" },
		{ "0 63 64 255", "0 63 64 128 255" },
		{ "1", "1 2 3 4 5 6 7 8 9" },
		{ "1 2 3 4 5 6 7 8 9", "200" },
	};
	unsigned int i;

	for (i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct ap_matrix m = {
			.apm = mask_of(cases[i].apm),
			.aqm = mask_of(cases[i].aqm),
			.adm = mask_of("1 2 3"),
		};

		check_listing(&m);
	}
}

static void check_in_pages(const struct ap_matrix *m, size_t page)
{
	GString *all = naive_listing(m);
	size_t off = 0, n;
	g_autofree char *buf = g_malloc(page);

	do {
		n = apm_text_matrix(m, off, buf, page);
		g_assert_cmpuint(n, <=, page);
		g_assert_cmpmem(buf, n, all->str + off, MIN(n, all->len - off));
		off += n;
	} while (n == page);
	g_assert_cmpuint(off, ==, all->len);
	g_string_free(all, TRUE);
}

static void test_matrix_whole(void)
{
	struct ap_matrix m = { APM_MASK_ALL, APM_MASK_ALL, APM_MASK_ALL };
	static const size_t pages[] = { 1000, 4095, 4096, 4097, 65536, 524288, 1000000 };
	unsigned int i;

	g_assert_cmpuint(apm_text_matrix_size(&m), ==, 524288);
	for (i = 0; i < G_N_ELEMENTS(pages); i++)
		check_in_pages(&m, pages[i]);
	m.aqm = APM_MASK_NONE;
	g_assert_cmpuint(apm_text_matrix_size(&m), ==, 256 * 4);
	check_in_pages(&m, 7);
}

static void test_matrix_random(void)
{
	struct ap_matrix m;
	int i;

	random_init();
	for (i = 0; i < 60; i++) {
		m = random_matrix(random_below(30));
		check_in_pages(&m, 1 + random_below(5000));
	}
}

static void test_domains(void)
{
	static const char *const cases[] = { "", "0", "255", "4 0x47", "0 1 2 63 64 65 254 255" };
	unsigned int i, id;
	size_t off, len;

	for (i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct ap_mask m = mask_of(cases[i]);
		g_autoptr(GString) all = g_string_new(NULL);
		char buf[64];

		apm_mask_for_each(id, &m)
			g_string_append_printf(all, "%04x\n", id);
		for (off = 0; off <= all->len + 2; off++) {
			for (len = 0; len <= all->len + 2; len++) {
				size_t want = off >= all->len ? 0 : MIN(len, all->len - off);

				memset(buf, '#', sizeof(buf));
				g_assert_cmpuint(apm_text_domains(&m, off, buf, len), ==, want);
				g_assert_cmpmem(buf, want, all->str + MIN(off, all->len), want);
				g_assert_cmpint(buf[want], ==, '#');
			}
		}
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/text/number", test_number);
	g_test_add_func("/text/number-round-trip", test_number_round_trip);
	g_test_add_func("/text/id", test_id);
	g_test_add_func("/text/mask-values", test_mask_values);
	g_test_add_func("/text/mask-errors", test_mask_errors);
	g_test_add_func("/text/mask-round-trip", test_mask_round_trip);
	g_test_add_func("/text/mask-change", test_mask_change);
	g_test_add_func("/text/mask-change-all", test_mask_change_all);
	g_test_add_func("/text/mask-change-errors", test_mask_change_errors);
	g_test_add_func("/text/config-values", test_config_values);
	g_test_add_func("/text/config-errors", test_config_errors);
	g_test_add_func("/text/config-round-trip", test_config_round_trip);
	g_test_add_func("/text/damaged", test_damaged_text);
	g_test_add_func("/text/matrix-parts", test_matrix_parts);
	g_test_add_func("/text/matrix-whole", test_matrix_whole);
	g_test_add_func("/text/matrix-random", test_matrix_random);
	g_test_add_func("/text/domains", test_domains);
	return g_test_run();
}
