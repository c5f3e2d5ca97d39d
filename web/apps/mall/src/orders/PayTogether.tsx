import { useFormat, useTranslation } from "@xingqu/i18n";
import { useNavigate } from "react-router";
import { payAddress } from "../checkout/pay-address";
import { usePayMethods, useStartPayment } from "../checkout/queries";
import { useReport } from "../kit/useReport";
import { type Payable, together } from "./together";

/** The bar under unpaid orders: how many are chosen, their sum, and the way to one payment of all. */
export function PayTogether({ payable, chosen, onChooseAll }: { payable: Payable[]; chosen: string[]; onChooseAll: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const report = useReport();
  const pay = useStartPayment();
  const methods = usePayMethods();
  const found = together(payable, chosen);
  const send = () => {
    if (!found) return;
    if (methods.data && methods.data.length > 1) navigate(payAddress(found.orderNos));
    else pay.mutate(found.orderNos, { onSuccess: (answer) => globalThis.location.assign(answer.redirect_url), onError: report });
  };
  return (
    <div className="together-bar" role="group" aria-label={t("orders.together.title")} data-testid="pay-together">
      <button type="button" className="button button-small button-quiet" onClick={onChooseAll}>
        {t("orders.together.all", { count: payable.length })}
      </button>
      <span className="together-sum" role="status">
        {found ? t("orders.together.sum", { count: found.orderNos.length, sum: format.money(found.sum) }) : t("orders.together.hint")}
      </span>
      <button type="button" className="button button-small" disabled={!found || pay.isPending} onClick={send} data-testid="pay-together-go">
        {t("orders.together.title")}
      </button>
    </div>
  );
}
