// SPDX-License-Identifier: LGPL-2.1-or-later
#include "guest.h"

#include <string.h>

#include "attrs.h"

#define NAME_MAX_LEN 63

/**
 * ap_guest_new:
 * @name: (nullable): its name
 * @uuid: (nullable): its UUID, in any case
 *
 * Returns: (transfer full): a guest that starts by hand and has nothing yet
 */
ApGuest *ap_guest_new(const char *name, const char *uuid)
{
	ApGuest *guest = g_new0(ApGuest, 1);

	guest->name = g_strdup(name);
	guest->uuid = uuid ? g_ascii_strdown(uuid, -1) : NULL;
	return guest;
}

/**
 * ap_guest_free:
 * @guest: (nullable) (transfer full): a guest
 */
void ap_guest_free(ApGuest *guest)
{
	if (!guest)
		return;
	g_free(guest->name);
	g_free(guest->uuid);
	g_free(guest);
}

/**
 * ap_guest_name_is_valid:
 * @name: a name
 *
 * Names end up in messages, files and command lines: 1 to 63 letters, digits, '.', '_' and
 * '-', the first a letter or digit; and not a UUID, which would name another device.
 *
 * Returns: whether it can be a guest's name
 */
gboolean ap_guest_name_is_valid(const char *name)
{
	gsize i;

	if (!g_ascii_isalnum(name[0]) || g_uuid_string_is_valid(name))
		return FALSE;
	for (i = 1; name[i]; i++)
		if (!g_ascii_isalnum(name[i]) && !strchr("._-", name[i]))
			return FALSE;
	return i <= NAME_MAX_LEN;
}

/**
 * ap_guest_make_uuid:
 * @name: a guest's name
 *
 * RFC 9562, section 5.5 (version 5) with a name space of our own: the same name has the
 * same UUID on every host and at every time.
 *
 * Returns: (transfer full): a UUID
 */
char *ap_guest_make_uuid(const char *name)
{
	static const guchar space[16] = { 0x5f, 0x3a, 0x9c, 0x62, 0x0e, 0x51, 0x4b, 0x8d,
					  0xa7, 0x30, 0x1c, 0x44, 0x9e, 0x27, 0xb6, 0x70 };
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);
	gsize len = 20;
	guint8 h[20];

	g_checksum_update(sum, space, sizeof(space));
	g_checksum_update(sum, (const guchar *)name, strlen(name));
	g_checksum_get_digest(sum, h, &len);
	h[6] = (h[6] & 0x0f) | 0x50;
	h[8] = (h[8] & 0x3f) | 0x80;
	return g_strdup_printf(
		"%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", h[0], h[1],
		h[2], h[3], h[4], h[5], h[6], h[7], h[8], h[9], h[10], h[11], h[12], h[13], h[14],
		h[15]);
}

/**
 * ap_guest_to_json:
 * @guest: a guest
 *
 * Returns: (transfer full): mdevctl's definition of it, in one line
 */
char *ap_guest_to_json(const ApGuest *guest)
{
	g_autoptr(GPtrArray) attrs = ap_attrs_from_matrix(&guest->matrix);
	g_autofree char *text = ap_attrs_to_json(attrs);

	return g_strdup_printf("{\"mdev_type\":\"" AP_MDEV_TYPE "\",\"start\":\"%s\",\"attrs\":%s}",
			       guest->autostart ? "auto" : "manual", text);
}
