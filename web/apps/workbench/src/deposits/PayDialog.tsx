import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@xingqu/i18n";
import { Form, Input, Radio, Skeleton } from "antd";
import { useState } from "react";
import { get } from "../api/http";
import { FieldGroup } from "../app/Field";
import { moneyToInput } from "../format/money-input";
import { amountOf, amountProblem } from "../funds/amounts";
import { AskDialog } from "../funds/dialogs";
import { type Standing, useDepositActions } from "./queries";

const MOST_MINOR = 1_000_000_000;

/** Pay into the deposit through a payment provider: goes to the provider's own page and comes back here. */
export function PayDialog({ standing, onClose }: { standing: Standing; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const language = i18n.language.startsWith("zh") ? "zh-CN" : "en";
  const { pay } = useDepositActions(standing.shop_id);
  const [typed, setTyped] = useState(standing.short_minor > 0 ? moneyToInput(standing.short_minor) : "");
  const [picked, setPicked] = useState<string | null>(null);
  const methods = useQuery({ queryKey: ["pay-methods", standing.currency], queryFn: ({ signal }) => get<{ items: { code: string }[] }>("/payments/methods", { currency: standing.currency }, signal) });
  const provider = picked ?? methods.data?.items[0]?.code ?? null;
  const problem = amountProblem(typed, { least_minor: 1, most_minor: MOST_MINOR });
  const send = async () => {
    const started = await pay({ amount_minor: amountOf(typed), provider, language });
    location.assign(started.redirect_url);
  };
  return (
    <AskDialog title={t("deposits.pay")} confirm={t("deposits.pay_now")} done={t("deposits.going")} ready={problem === null && provider !== null} onSend={send} onClose={onClose}>
      {(tried) => (
        <>
          <Form.Item label={t("deposits.column.amount")} htmlFor="deposit-amount" {...(tried && problem ? { validateStatus: "error" as const, help: t(`funds.wrong.${problem}`) } : {})}>
            <Input id="deposit-amount" prefix="¥" inputMode="decimal" value={typed} onChange={(event) => setTyped(event.target.value)} data-testid="deposit-amount" />
          </Form.Item>
          <FieldGroup label={t("deposits.method")}>
            {methods.isPending ? (
              <Skeleton.Input active />
            ) : (
              <Radio.Group value={provider} onChange={(event) => setPicked(event.target.value as string)} options={(methods.data?.items ?? []).map((one) => ({ value: one.code, label: t(`deposits.provider.${one.code}`, { defaultValue: one.code }) }))} />
            )}
          </FieldGroup>
          <p className="wb-muted">{t("deposits.pay_help")}</p>
        </>
      )}
    </AskDialog>
  );
}
