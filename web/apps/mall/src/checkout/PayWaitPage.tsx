import { useQuery } from "@tanstack/react-query";
import { api, type Payment, unwrap } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { useEffect, useRef } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import { Icon } from "../kit/Icon";
import { ErrorState, SkeletonRows } from "../kit/states";
import { Countdown } from "../programmes/Countdown";
import { PageHead } from "../shell/PageHead";
import { useTitle } from "../shell/useTitle";
import "./checkout.css";
import { payAddress } from "./pay-address";
import { QrCode } from "./QrCode";

const OPENING_POLL_MS = 500;
const PAYING_POLL_MS = 2_000;
const SETTLED = new Set(["succeeded", "failed", "closed"]);

/** Between the button and the provider: waits until the provider says where to pay, goes there or shows the code to scan. */
export function PayWaitPage() {
  const { t } = useTranslation();
  useTitle(t("pay.title"));
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const paymentNo = search.get("payment_no") ?? "";
  const payment = useQuery({
    queryKey: ["payment", paymentNo],
    queryFn: () => unwrap(api.GET("/api/v1/payments/{payment_no}", { params: { path: { payment_no: paymentNo } } })),
    enabled: paymentNo !== "",
    gcTime: 0,
    refetchInterval: (query) => {
      const found = query.state.data;
      if (!found || found.opening) return OPENING_POLL_MS;
      return SETTLED.has(found.state) ? false : PAYING_POLL_MS;
    },
  });
  const found = payment.data;
  const left = useRef(false);
  const goesTo = found?.action?.kind === "redirect" ? found.action.url : "";
  const isSettled = found !== undefined && SETTLED.has(found.state) && found.refusal === "";
  useEffect(() => {
    if (goesTo === "" || left.current) return;
    left.current = true;
    globalThis.location.assign(goesTo);
  }, [goesTo]);
  useEffect(() => {
    if (isSettled) navigate(`/pay/return?payment_no=${encodeURIComponent(paymentNo)}`, { replace: true });
  }, [isSettled, navigate, paymentNo]);
  return (
    <main className="page page-pay">
      <PageHead title={t("pay.title")} />
      {payment.isPending && paymentNo !== "" ? <SkeletonRows count={2} /> : null}
      {payment.isError ? <ErrorState error={payment.error} onRetry={() => void payment.refetch()} /> : null}
      {found ? <Waiting payment={found} /> : null}
    </main>
  );
}

function Waiting({ payment }: { payment: Payment }) {
  const { t } = useTranslation();
  const format = useFormat();
  const other = payAddress(payment.order_nos);
  const name = t(`pay.method.${payment.provider}`);
  const isQr = payment.action?.kind === "qr";
  return (
    <section className={`outcome outcome-${payment.refusal ? "bad" : "plain"}`} role="status" data-testid="pay-wait">
      {isQr ? (
        <QrCode text={payment.action?.url ?? ""} label={t("pay.scan", { name })} />
      ) : (
        <span className="outcome-mark">
          <Icon name={payment.refusal ? "info" : "wallet"} size={36} />
        </span>
      )}
      <h2>{payment.refusal ? t("pay.refused", { name }) : isQr ? t("pay.scan", { name }) : t("pay.opening")}</h2>
      {isQr ? <p className="pay-sum">{format.money(payment.amount, true)}</p> : null}
      <p className="muted">{payment.refusal ? t(payment.refusal === "no_answer" ? "pay.no_answer" : "pay.refused_hint", { code: payment.refusal }) : t("pay.opening_hint")}</p>
      {payment.refusal ? null : (
        <p className="muted">
          {t("pay.time_left")} <Countdown endsAt={payment.expires_at} />
        </p>
      )}
      <div className="outcome-actions">
        {payment.action?.kind === "redirect" ? (
          <a className="button" href={payment.action.url} data-testid="pay-link">
            {t("pay.open")}
          </a>
        ) : null}
        <Link className="button button-quiet" to={other} data-testid="pay-other">
          {t("pay.other_method")}
        </Link>
        <Link className="button button-quiet" to="/orders">
          {t("pay.to_orders")}
        </Link>
      </div>
    </section>
  );
}
