import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { useEffect, useState } from "react";
import { Link, useSearchParams } from "react-router";
import { Icon, type IconName } from "../kit/Icon";
import { ErrorState, SkeletonRows } from "../kit/states";
import { useReport } from "../kit/useReport";
import { PageHead } from "../shell/PageHead";
import { useTitle } from "../shell/useTitle";
import "./checkout.css";
import { useStartPayment } from "./queries";

const POLL_MS = 1_500;
/** After this long the page stops asking by itself and says how to look later. */
const PATIENCE_MS = 90_000;
const SETTLED = new Set(["succeeded", "failed", "closed"]);

/** Back from the payment page: asks until the payment is settled. */
export function PayReturnPage() {
  const { t } = useTranslation();
  useTitle(t("pay.title"));
  const [search] = useSearchParams();
  const client = useQueryClient();
  const paymentNo = search.get("payment_no") ?? search.get("payment") ?? "";
  const [since, setSince] = useState(() => Date.now());
  const payment = useQuery({
    queryKey: ["payment", paymentNo],
    queryFn: () => unwrap(api.GET("/api/v1/payments/{payment_no}", { params: { path: { payment_no: paymentNo } } })),
    enabled: paymentNo !== "",
    gcTime: 0,
    refetchInterval: (query) => (SETTLED.has(query.state.data?.state ?? "") || Date.now() - since > PATIENCE_MS ? false : POLL_MS),
  });
  const state = payment.data?.state ?? "pending";
  useEffect(() => {
    if (SETTLED.has(state)) void client.invalidateQueries({ queryKey: ["orders"] });
  }, [state, client]);
  return (
    <main className="page page-pay">
      <PageHead title={t("pay.title")} />
      {paymentNo === "" ? <Outcome icon="orders" tone="plain" title={t("pay.no_payment")} hint={t("pay.look_in_orders")} /> : null}
      {payment.isPending && paymentNo !== "" ? <SkeletonRows count={2} /> : null}
      {payment.isError ? <ErrorState error={payment.error} onRetry={() => void payment.refetch()} /> : null}
      {payment.data ? (
        <PaymentOutcome
          state={state}
          orderNos={payment.data.order_nos}
          amount={payment.data.amount}
          onAsk={() => {
            setSince(Date.now());
            void payment.refetch();
          }}
        />
      ) : null}
    </main>
  );
}

function PaymentOutcome({ state, orderNos, amount, onAsk }: { state: string; orderNos: string[]; amount: { amount_minor: number; currency: string }; onAsk: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const report = useReport();
  const pay = useStartPayment();
  const payAgain = () => pay.mutate(orderNos, { onSuccess: (answer) => globalThis.location.assign(answer.redirect_url), onError: report });
  if (state === "succeeded") {
    return <Outcome icon="check" tone="good" title={t("pay.succeeded")} hint={t("pay.succeeded_hint", { sum: format.money(amount) })} testId="pay-succeeded" />;
  }
  if (state === "failed" || state === "closed") {
    return (
      <Outcome icon="info" tone="bad" title={t(`pay.${state}`)} hint={t("pay.not_charged")} testId="pay-failed">
        {state === "failed" ? (
          <button type="button" className="button" onClick={payAgain} disabled={pay.isPending} data-testid="pay-link">
            {t("pay.again")}
          </button>
        ) : null}
      </Outcome>
    );
  }
  return (
    <Outcome icon="clock" tone="plain" title={t("pay.pending")} hint={t("pay.pending_hint")} testId="pay-pending">
      <button type="button" className="button" onClick={onAsk}>
        {t("pay.ask")}
      </button>
      <button type="button" className="button button-quiet" onClick={payAgain} disabled={pay.isPending} data-testid="pay-link">
        {t("pay.back_to_page")}
      </button>
    </Outcome>
  );
}

interface OutcomeProps {
  icon: IconName;
  tone: "good" | "bad" | "plain";
  title: string;
  hint: string;
  children?: React.ReactNode;
  testId?: string;
}

function Outcome({ icon, tone, title, hint, children, testId }: OutcomeProps) {
  const { t } = useTranslation();
  return (
    <section className={`outcome outcome-${tone}`} role="status" data-testid={testId}>
      <span className="outcome-mark">
        <Icon name={icon} size={36} />
      </span>
      <h2>{title}</h2>
      <p className="muted">{hint}</p>
      <div className="outcome-actions">
        {children}
        <Link className="button button-quiet" to="/orders" data-testid="to-orders">
          {t("pay.to_orders")}
        </Link>
        <Link className="button button-quiet" to="/">
          {t("pay.to_feed")}
        </Link>
      </div>
    </section>
  );
}
