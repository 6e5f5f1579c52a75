/*
 * A device on the AP bus that is a machine of its own: for tests
 *
 * Behind it is the model that apmatrix' ap_sim.ko has, as if the guest's
 * vfio-ap device were on such a host. What the host's administrator and
 * vfio_ap do is done by properties:
 *
 *   matrix      the guest's queues, as vfio_ap's ap_config; may be written
 *   off         adapters that are configured off (a list); may be written
 *   answer-ms   how long answers take; may be written
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/visitor.h"
#include "qemu/main-loop.h"
#include "qemu/module.h"
#include "qemu/timer.h"
#include "hw/qdev-properties.h"
#include "hw/s390x/ap-bridge.h"
#include "hw/s390x/ap-device.h"
#include "hw/s390x/ap-insn.h"
#include "qom/object.h"
#include "../../apmatrix/core/ap_text.h"
#include "../../apmatrix/kmod/ap_sim/ap_machine.h"
#include "../../apmatrix/kmod/ap_sim/ap_profile.h"
#include "ap-model.h"

#define TYPE_AP_MODEL "ap-model"
OBJECT_DECLARE_SIMPLE_TYPE(APModel, AP_MODEL)

struct APModel {
    APDevice parent_obj;

    char *adapters;
    char *domains;
    uint32_t reset_ms;
    uint32_t answer_ms;
    struct ap_machine machine;
    struct ap_matrix apcb;
    struct ap_mask off;
};

/* A message; it holds a reference of the device as long as it is worked on. */
typedef struct APModelMessage {
    struct ap_message msg;
    APModel *model;
    QEMUTimer timer;
} APModelMessage;

static uint64_t ap_model_now(void)
{
    return qemu_clock_get_ns(QEMU_CLOCK_REALTIME);
}

static void ap_model_free(struct ap_message *msg)
{
    g_free((void *)msg->request);
    g_free(msg->reply);
    g_free(container_of(msg, APModelMessage, msg));
}

/* What firmware works on is freed when that ends. */
static void ap_model_collect(APModel *model)
{
    struct ap_message *msg, *next;

    for (msg = ap_machine_collect(&model->machine); msg; msg = next) {
        next = msg->next;
        ap_model_free(msg);
    }
    ap_machine_orphans(&model->machine);
}

static void ap_model_answer(void *opaque)
{
    APModelMessage *m = opaque;
    APModel *model = m->model;
    bool irq;

    if (!m->msg.orphan) {
        ap_message_answer(&m->msg, &ap_model_firmware);
    }
    irq = ap_machine_finish(&model->machine, &m->msg);
    if (m->msg.orphan) {
        ap_model_free(&m->msg);
    }
    if (irq) {
        ap_insn_deliver();
    }
    object_unref(OBJECT(model));
}

static struct ap_message *ap_model_message(APModel *model, const APInsn *insn)
{
    APModelMessage *m = g_new0(APModelMessage, 1);

    m->model = model;
    m->msg.request = g_memdup2(insn->buf, insn->len);
    m->msg.request_len = insn->len;
    m->msg.psmid = insn->psmid;
    m->msg.reply = g_malloc(ap_message_room(insn->buf, insn->len));
    return &m->msg;
}

static void ap_model_start(APModel *model, struct ap_message *msg)
{
    APModelMessage *m = container_of(msg, APModelMessage, msg);

    object_ref(OBJECT(model));
    timer_init_ms(&m->timer, QEMU_CLOCK_REALTIME, ap_model_answer, m);
    timer_mod(&m->timer, qemu_clock_get_ms(QEMU_CLOCK_REALTIME) +
                         model->answer_ms);
}

static void ap_model_run(APModel *model, APInsn *insn, enum ap_insn_code code)
{
    struct ap_caller guest = { &model->apcb, model };
    struct ap_exec x = {
        .insn = code,
        .qid = AP_GR0_QID(insn->gr0),
        .gr0 = insn->gr0,
        .gr1 = insn->gr1,
        .buf = insn->buf,
        .len = insn->len,
        .psmid = insn->psmid,
    };

    if (code == AP_INSN_NQAP) {
        x.msg = ap_model_message(model, insn);
    }
    ap_machine_execute(&model->machine, &guest, &x, ap_model_now());
    if (code == AP_INSN_NQAP && !x.cc) {
        ap_model_start(model, x.msg);
        x.msg = NULL;
    }
    if (x.msg) {
        ap_model_free(x.msg);
    }
    ap_model_collect(model);
    /* Whatever the guest does, no queue may come to it that is not its own. */
    g_assert(!x.breach.count);
    insn->gr0 = x.gr0;
    insn->gr1 = x.status;
    insn->gr2 = x.gr2;
    insn->cc = x.cc;
    insn->psmid = x.psmid;
    insn->len = code == AP_INSN_DQAP ? x.len : 0;
}

static int ap_model_pqap(APModel *model, APInsn *insn)
{
    struct ap_caller guest = { &model->apcb, model };

    switch (AP_GR0_FC(insn->gr0)) {
    case AP_FC_TAPQ:
        ap_model_run(model, insn, AP_INSN_TAPQ);
        return 0;
    case AP_FC_RAPQ:
        ap_model_run(model, insn, AP_INSN_RAPQ);
        return 0;
    case AP_FC_ZAPQ:
        ap_model_run(model, insn, AP_INSN_ZAPQ);
        return 0;
    case AP_FC_AQIC:
        ap_model_run(model, insn, AP_INSN_AQIC);
        return 0;
    case AP_FC_QCI:
        g_assert(insn->len >= AP_QCI_SIZE);
        ap_machine_qci(&model->machine, &guest, insn->buf);
        insn->len = AP_QCI_SIZE;
        insn->cc = 0;
        return 0;
    }
    return -EINVAL;
}

static int ap_model_execute(void *opaque, APInsn *insn)
{
    APModel *model = opaque;

    switch (insn->opcode) {
    case AP_OP_PQAP:
        return ap_model_pqap(model, insn);
    case AP_OP_NQAP:
        ap_model_run(model, insn, AP_INSN_NQAP);
        return 0;
    case AP_OP_DQAP:
        ap_model_run(model, insn, AP_INSN_DQAP);
        return 0;
    }
    return -EINVAL;
}

static bool ap_model_next_irq(void *opaque, uint16_t *qid)
{
    APModel *model = opaque;
    unsigned int next = ap_machine_irq(&model->machine, &model->apcb);

    *qid = next;
    return next != AP_NO_QUEUE;
}

static const APInsnOps ap_model_ops = {
    .execute = ap_model_execute,
    .next_irq = ap_model_next_irq,
};

/* Reset a queue and see the end of it, as vfio_ap does. */
static void ap_model_launder(APModel *model, unsigned int qid)
{
    struct ap_caller host = { NULL, &model->machine };
    struct ap_exec x = { .insn = AP_INSN_ZAPQ, .qid = qid };
    uint64_t reset_ns = model->machine.reset_ns;

    model->machine.reset_ns = 0;
    ap_machine_execute(&model->machine, &host, &x, ap_model_now());
    x = (struct ap_exec) { .insn = AP_INSN_TAPQ, .qid = qid };
    ap_machine_execute(&model->machine, &host, &x, ap_model_now());
    model->machine.reset_ns = reset_ns;
    ap_model_collect(model);
}

static void ap_model_commit(APModel *model, const struct ap_matrix *want)
{
    struct ap_matrix apcb = apm_matrix_and(want, &model->machine.config);
    struct ap_mask gained;
    unsigned int apid, apqi;

    for (apid = 0; apid < AP_IDS; apid++) {
        gained = apm_matrix_left(&apcb, &model->apcb, apid);
        apm_mask_for_each(apqi, &gained) {
            ap_model_launder(model, apid << 8 | apqi);
        }
    }
    g_assert(!ap_machine_commit(&model->machine, &model->apcb, &apcb).count);
    model->apcb = apcb;
}

static bool ap_model_plug_adapter(APModel *model, const char *text,
                                  Error **errp)
{
    g_auto(GStrv) part = g_strsplit(text, ":", 2);
    struct ap_machine_adapter *a;
    struct ap_card_spec spec = { 0 };
    unsigned int apid;

    if (!part[0] || !part[1] || apm_text_id(part[0], AP_ID_MAX, &apid) ||
        ap_profile_model(part[1], &spec) || model->machine.adapter[apid]) {
        error_setg(errp, "'%s' is no adapter, or is there twice: write "
                   "5:CEX8C,0x0a:CEX8A", text);
        return false;
    }
    a = g_new0(struct ap_machine_adapter, 1);
    a->type = spec.type;
    a->mode = spec.mode;
    a->depth = AP_DEPTH_DEFAULT;
    ap_machine_plug(&model->machine, apid, a);
    return true;
}

static void ap_model_empty(APModel *model)
{
    unsigned int apid;

    for (apid = 0; apid < AP_IDS; apid++) {
        g_free(ap_machine_unplug(&model->machine, apid));
    }
    ap_model_collect(model);
}

static bool ap_model_fill(APModel *model, Error **errp)
{
    g_auto(GStrv) list = g_strsplit(model->adapters ?: "", ",", -1);
    struct ap_mask domains = APM_MASK_NONE;
    char **item;

    if (ap_profile_list(model->domains ?: "", AP_ID_MAX, &domains)) {
        error_setg(errp, "'%s' is no list of domains", model->domains);
        return false;
    }
    for (item = list; *item; item++) {
        if (!ap_model_plug_adapter(model, *item, errp)) {
            return false;
        }
    }
    ap_machine_domains(&model->machine, &domains, &domains);
    return true;
}

static void ap_model_realize(DeviceState *dev, Error **errp)
{
    APModel *model = AP_MODEL(dev);

    ap_machine_init(&model->machine);
    model->machine.reset_ns = model->reset_ms * 1000000ULL;
    model->apcb = (struct ap_matrix) { .apm = APM_MASK_NONE };
    if (!ap_model_fill(model, errp)) {
        ap_model_empty(model);
        return;
    }
    ap_model_commit(model, &model->machine.config);
    if (!ap_insn_plug(&ap_model_ops, model, errp)) {
        ap_model_empty(model);
    }
}

static void ap_model_unrealize(DeviceState *dev)
{
    APModel *model = AP_MODEL(dev);

    ap_insn_unplug(model);
    ap_model_empty(model);
}

static void ap_model_reset(DeviceState *dev)
{
    APModel *model = AP_MODEL(dev);
    struct ap_mask domains;
    unsigned int apid, apqi;

    for (apid = 0; apid < AP_IDS; apid++) {
        domains = apm_matrix_domains_of(&model->apcb, apid);
        apm_mask_for_each(apqi, &domains) {
            ap_model_launder(model, apid << 8 | apqi);
        }
    }
}

static char *ap_model_get_matrix(Object *obj, Error **errp)
{
    char *text = g_malloc(AP_CONFIG_TEXT + 1);

    apm_text_put_config(&AP_MODEL(obj)->apcb, text);
    text[AP_CONFIG_TEXT - 1] = 0;
    return text;
}

static void ap_model_set_matrix(Object *obj, const char *text, Error **errp)
{
    APModel *model = AP_MODEL(obj);
    struct ap_matrix want;

    if (apm_text_config(text, &want) || !DEVICE(obj)->realized) {
        error_setg(errp, "'%s' is not three masks, or the device is not "
                   "plugged", text);
        return;
    }
    ap_model_commit(model, &want);
    ap_insn_config_changed();
}

static char *ap_model_get_off(Object *obj, Error **errp)
{
    char *text = g_malloc0(AP_MASK_TEXT + 1);

    apm_text_put_mask(&AP_MODEL(obj)->off, text);
    return text;
}

static void ap_model_set_off(Object *obj, const char *text, Error **errp)
{
    APModel *model = AP_MODEL(obj);
    struct ap_mask off;
    unsigned int apid;

    if (ap_profile_list(text, AP_ID_MAX, &off)) {
        error_setg(errp, "'%s' is no list of adapters", text);
        return;
    }
    apm_mask_for_each(apid, &model->machine.config.apm) {
        ap_machine_configure(&model->machine, apid, !apm_mask_test(&off, apid));
    }
    ap_model_collect(model);
    model->off = off;
}

static void ap_model_get_answer_ms(Object *obj, Visitor *v, const char *name,
                                   void *opaque, Error **errp)
{
    visit_type_uint32(v, name, &AP_MODEL(obj)->answer_ms, errp);
}

static void ap_model_set_answer_ms(Object *obj, Visitor *v, const char *name,
                                   void *opaque, Error **errp)
{
    visit_type_uint32(v, name, &AP_MODEL(obj)->answer_ms, errp);
}

static const Property ap_model_properties[] = {
    DEFINE_PROP_STRING("adapters", APModel, adapters),
    DEFINE_PROP_STRING("domains", APModel, domains),
    DEFINE_PROP_UINT32("reset-ms", APModel, reset_ms, 2),
};

static void ap_model_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->desc = "A model of an AP bus, for tests";
    dc->bus_type = TYPE_AP_BUS;
    dc->hotpluggable = true;
    dc->realize = ap_model_realize;
    dc->unrealize = ap_model_unrealize;
    set_bit(DEVICE_CATEGORY_MISC, dc->categories);
    device_class_set_legacy_reset(dc, ap_model_reset);
    device_class_set_props(dc, ap_model_properties);
    object_class_property_add_str(klass, "matrix", ap_model_get_matrix,
                                  ap_model_set_matrix);
    object_class_property_add_str(klass, "off", ap_model_get_off,
                                  ap_model_set_off);
    object_class_property_add(klass, "answer-ms", "uint32",
                              ap_model_get_answer_ms, ap_model_set_answer_ms,
                              NULL, NULL);
}

static const TypeInfo ap_model_info = {
    .name = TYPE_AP_MODEL,
    .parent = TYPE_AP_DEVICE,
    .instance_size = sizeof(APModel),
    .class_init = ap_model_class_init,
};

static void ap_model_register(void)
{
    type_register_static(&ap_model_info);
}

type_init(ap_model_register)
