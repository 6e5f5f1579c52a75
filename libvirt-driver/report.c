// SPDX-License-Identifier: LGPL-2.1-or-later
#include <config.h>

#include "apmatrix.h"
#include "report.h"
#include "virerror.h"
#include "virlog.h"

#define VIR_FROM_THIS VIR_FROM_NODEDEV

VIR_LOG_INIT("apmatrix.layer");


static virErrorNumber
reportCode(const GError *error)
{
    if (error->domain != AP_MATRIX_ERROR)
        return VIR_ERR_OPERATION_FAILED;

    switch ((ApMatrixError)error->code) {
    case AP_MATRIX_ERROR_INVALID:
        return VIR_ERR_XML_ERROR;
    case AP_MATRIX_ERROR_CONFLICT:
    case AP_MATRIX_ERROR_BUSY:
        return VIR_ERR_RESOURCE_BUSY;
    case AP_MATRIX_ERROR_UNSUPPORTED:
        return VIR_ERR_CONFIG_UNSUPPORTED;
    case AP_MATRIX_ERROR_RETRY:
        return VIR_ERR_OPERATION_ABORTED;
    case AP_MATRIX_ERROR_VERIFY_FAILED:
    case AP_MATRIX_ERROR_NOT_RESTORED:
        break;
    }

    return VIR_ERR_OPERATION_FAILED;
}


void
apmatrixReportError(const GError *error)
{
    virReportError(reportCode(error), "%s", error->message);
}


void
apmatrixReportWarnings(const GPtrArray *warnings)
{
    size_t i;

    for (i = 0; i < warnings->len; i++)
        VIR_WARN("%s", (const char *)warnings->pdata[i]);
}
