import { useTranslation } from "@xingqu/i18n";
import { useEffect, useRef } from "react";
import { Link, useSearchParams } from "react-router";
import { Icon } from "../kit/Icon";
import { ErrorState } from "../kit/states";
import { PageHead } from "../shell/PageHead";
import { useTitle } from "../shell/useTitle";
import "./checkout.css";
import { PayMethods } from "./PayMethods";
import { usePayMethods, useStartPayment } from "./queries";

/** On to the payment of an order, or of several in one: at once when there is one way to pay, else once a way is chosen. */
export function PayPage() {
  const { t } = useTranslation();
  useTitle(t("pay.title"));
  const [search] = useSearchParams();
  const orderNos = search.getAll("order");
  const isNone = orderNos.length === 0;
  const pay = useStartPayment();
  const { mutate } = pay;
  const started = useRef(false);
  const open = () => mutate(orderNos, { onSuccess: (answer) => globalThis.location.assign(answer.redirect_url) });
  const first = useRef(open);
  const methods = usePayMethods();
  const isSingle = methods.isSuccess && methods.data.length < 2;
  useEffect(() => {
    if (started.current || isNone || !isSingle) return;
    started.current = true;
    first.current();
  }, [isNone, isSingle]);
  return (
    <main className="page page-pay">
      <PageHead title={t("pay.title")} />
      {pay.isError ? <ErrorState error={pay.error} onRetry={open} /> : null}
      {isSingle ? null : <PayMethods />}
      <section className="outcome outcome-plain">
        {isSingle ? (
          <>
            <span className="outcome-mark">
              <Icon name="wallet" size={36} />
            </span>
            <h2>{t("pay.opening")}</h2>
          </>
        ) : null}
        <p className="muted">{t("pay.opening_hint")}</p>
        <div className="outcome-actions">
          <button type="button" className="button" onClick={open} disabled={pay.isPending} data-testid="pay-link">
            {t("pay.open")}
          </button>
          <Link className="button button-quiet" to="/orders">
            {t("pay.to_orders")}
          </Link>
        </div>
      </section>
    </main>
  );
}
