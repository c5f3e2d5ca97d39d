import { useTranslation } from "@xingqu/i18n";
import { Link } from "react-router";
import { EmptyState, ErrorState, SkeletonRows } from "../kit/states";
import "../orders/orders.css";
import { PageHead } from "../shell/PageHead";
import { useTitle } from "../shell/useTitle";
import { InvoiceStatus } from "./InvoiceCard";
import { useMyInvoices } from "./queries";

/** All invoices that one has asked for, with their documents. */
export function InvoicesPage() {
  const { t } = useTranslation();
  useTitle(t("invoice.mine"));
  const invoices = useMyInvoices();
  const rows = invoices.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <main className="page page-narrow">
      <PageHead title={t("invoice.mine")} />
      {invoices.isPending ? <SkeletonRows count={3} /> : null}
      {invoices.isError ? <ErrorState error={invoices.error} onRetry={() => void invoices.refetch()} /> : null}
      {invoices.isSuccess && rows.length === 0 ? <EmptyState icon="ticket" title={t("invoice.empty")} hint={t("invoice.empty_hint")} /> : null}
      {rows.map((request) => (
        <section key={request.order_no} className="card" data-testid="invoice-row">
          <Link to={`/orders/${request.order_no}`}>{t("chat.order", { number: request.order_no })}</Link>
          <InvoiceStatus request={request} />
        </section>
      ))}
      {invoices.hasNextPage ? (
        <button type="button" className="button button-wide button-quiet" disabled={invoices.isFetchingNextPage} onClick={() => void invoices.fetchNextPage()}>
          {t("invoice.more")}
        </button>
      ) : null}
    </main>
  );
}
