import type { InvoiceRequest, OrderDetail } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { useState } from "react";
import { showToast } from "../kit/toast";
import { useReport } from "../kit/useReport";
import { useAskInvoice, useInvoice, useWithdrawInvoice } from "./queries";
import { TitleSheet } from "./TitleSheet";

const OPEN = new Set(["unpaid", "paid", "part_shipped", "shipped", "done"]);
const ASKABLE = new Set(["waiting", "rejected", "voided", "closed"]);

/** The invoice of an order: asking for it, how it stands, the documents. */
export function InvoiceCard({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const report = useReport();
  const invoice = useInvoice(order.order_no);
  const ask = useAskInvoice();
  const withdraw = useWithdrawInvoice();
  const [choosing, setChoosing] = useState(false);
  const request = invoice.data ?? null;
  const canAsk = invoice.isSuccess && OPEN.has(order.state) && (!request || ASKABLE.has(request.state));
  if (!request && !canAsk) return null;
  return (
    <section className="card" data-testid="invoice-card">
      <header className="order-head">
        <b>{t("invoice.heading")}</b>
        {canAsk ? (
          <button type="button" className="button button-small button-quiet" onClick={() => setChoosing(true)} data-testid="invoice-ask">
            {t(request?.state === "waiting" ? "invoice.change" : "invoice.ask")}
          </button>
        ) : null}
        {request?.state === "waiting" ? (
          <button type="button" className="text-button" onClick={() => withdraw.mutate(order.order_no, { onError: report })}>
            {t("invoice.withdraw")}
          </button>
        ) : null}
      </header>
      {request ? <InvoiceStatus request={request} /> : <p className="muted">{t("invoice.hint")}</p>}
      {choosing ? (
        <TitleSheet
          chosenId={null}
          onClose={() => setChoosing(false)}
          onChoose={(title) => {
            setChoosing(false);
            ask.mutate({ orderNos: [order.order_no], titleId: title.id }, { onSuccess: () => showToast(t("invoice.asked")), onError: report });
          }}
        />
      ) : null}
    </section>
  );
}

export function InvoiceStatus({ request }: { request: InvoiceRequest }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <p data-testid="invoice-state">
        {t(`invoice.state.${request.state}`)} · {request.title.name}
        {request.title.tax_no ? <span className="muted"> {request.title.tax_no}</span> : null}
      </p>
      {request.reason && request.state !== "issued" ? <p className="muted">{t("invoice.reason", { reason: request.reason })}</p> : null}
      <ul>
        {request.documents
          .filter((document) => document.number)
          .map((document) => (
            <li key={document.reference}>
              <a className="line-row" href={`/api/v1/invoices/${document.reference}.pdf`} download data-testid="invoice-pdf">
                <span className="line-value">
                  {t(`invoice.document.${document.kind}`, { number: document.number })}
                  <small className="muted">{document.issued_at ? format.dateTime(document.issued_at) : ""}</small>
                </span>
                <span>{`${document.kind === "red" ? "-" : ""}${format.money(document.gross, true)}`}</span>
              </a>
            </li>
          ))}
      </ul>
    </>
  );
}
