// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Names and formats: Linux, drivers/s390/crypto/ap_card.c, ap_queue.c, zcrypt_card.c.
 */
#include "hardware.h"

#include <stdio.h>
#include <string.h>

#include "file.h"

#define DEVICES "sys/devices/ap"
#define VFIO_DRIVER "sys/bus/ap/drivers/vfio_ap"

static char *read_line(const char *dir, const char *name)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);
	char *text = ap_file_read(path, 4096, NULL, NULL);

	return text ? g_strchomp(text) : NULL;
}

static int read_flag(const char *dir, const char *name)
{
	g_autofree char *text = read_line(dir, name);

	if (!text || (text[0] != '0' && text[0] != '1'))
		return -1;
	return text[0] - '0';
}

/* "05.0047" */
static gboolean read_queue(const char *name, unsigned int *apid, unsigned int *apqi)
{
	int len = 0;

	return strlen(name) == 7 && sscanf(name, "%2x.%4x%n", apid, apqi, &len) == 2 && len == 7 &&
	       *apqi < AP_IDS;
}

static void read_card(ApHardware *hw, const char *dir, unsigned int apid)
{
	g_autoptr(GDir) d = g_dir_open(dir, 0, NULL);
	ApCard *card = &hw->cards[apid];
	unsigned int id, apqi;
	const char *name;

	card->present = TRUE;
	apm_mask_set(&hw->adapters, apid);
	card->type = read_line(dir, "type");
	card->config = read_flag(dir, "config");
	card->chkstop = read_flag(dir, "chkstop");
	card->online = read_flag(dir, "online");
	while (d && (name = g_dir_read_name(d)))
		if (read_queue(name, &id, &apqi) && id == apid)
			apm_mask_set(&card->queues, apqi);
	hw->domains = apm_mask_or(&hw->domains, &card->queues);
}

static void read_cards(ApHardware *hw, const ApHost *host)
{
	g_autofree char *path = ap_host_path(host, DEVICES);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	unsigned int apid;
	const char *name;
	int len;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *card = g_build_filename(path, name, NULL);

		len = 0;
		if (sscanf(name, "card%2x%n", &apid, &len) == 1 && len == 6 && !name[len])
			read_card(hw, card, apid);
	}
}

static void read_bound(ApHardware *hw, const ApHost *host)
{
	g_autofree char *path = ap_host_path(host, VFIO_DRIVER);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	unsigned int apid, apqi;
	const char *name;

	while (dir && (name = g_dir_read_name(dir)))
		if (read_queue(name, &apid, &apqi))
			apm_mask_set(&hw->cards[apid].vfio, apqi);
}

/**
 * ap_hardware_read:
 * @host: a host
 *
 * Returns: (transfer full): its cards and queues; none without an AP bus
 */
ApHardware *ap_hardware_read(const ApHost *host)
{
	ApHardware *hw = g_new0(ApHardware, 1);

	read_cards(hw, host);
	read_bound(hw, host);
	return hw;
}

/**
 * ap_hardware_free:
 * @hardware: (nullable) (transfer full): cards and queues
 */
void ap_hardware_free(ApHardware *hardware)
{
	guint i;

	for (i = 0; hardware && i < AP_IDS; i++)
		g_free(hardware->cards[i].type);
	g_free(hardware);
}

/**
 * ap_hardware_get_queue_flag:
 * @host: a host
 * @apid: an adapter
 * @apqi: a domain
 * @attribute: an attribute of the queue that is 0 or 1
 *
 * Returns: its value; -1 without such a queue or attribute
 */
int ap_hardware_get_queue_flag(const ApHost *host, unsigned int apid, unsigned int apqi,
			       const char *attribute)
{
	g_autofree char *below = g_strdup_printf(DEVICES "/card%02x/%02x.%04x", apid, apid, apqi);
	g_autofree char *dir = ap_host_path(host, below);

	return read_flag(dir, attribute);
}
