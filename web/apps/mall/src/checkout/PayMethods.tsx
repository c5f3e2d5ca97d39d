import { useTranslation } from "@xingqu/i18n";
import { useState } from "react";
import { Icon } from "../kit/Icon";
import { ErrorState } from "../kit/states";
import { chosenMethod, rememberedMethod, rememberMethod } from "./method";
import { usePayMethods } from "./queries";

/** The ways to pay that the site has, one of them chosen; the choice is kept for the next time. */
export function PayMethods() {
  const { t } = useTranslation();
  const methods = usePayMethods();
  const [picked, setPicked] = useState(rememberedMethod);
  const offered = methods.data ?? [];
  const chosen = chosenMethod(offered, picked);
  return (
    <div className="card pay-methods" role="radiogroup" aria-label={t("checkout.pay_method")}>
      <h2>{t("checkout.pay_method")}</h2>
      {methods.isError ? <ErrorState error={methods.error} onRetry={() => void methods.refetch()} /> : null}
      {methods.isSuccess && offered.length === 0 ? <p className="muted">{t("pay.no_method")}</p> : null}
      {offered.map((method) => (
        <label key={method.code} className="pay-method" data-testid={`pay-method-${method.code}`}>
          <span className={`pay-mark pay-mark-${method.code}`}>
            <Icon name="wallet" />
          </span>
          <span className="pay-method-name">
            <b>{t(`pay.method.${method.code}`)}</b>
            <small className="muted">{t(`pay.method_hint.${method.code}`)}</small>
          </span>
          <input
            type="radio"
            name="provider"
            checked={method.code === chosen}
            onChange={() => {
              setPicked(method.code);
              rememberMethod(method.code);
            }}
          />
        </label>
      ))}
    </div>
  );
}
