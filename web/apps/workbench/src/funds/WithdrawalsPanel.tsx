import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button } from "antd";
import { useState } from "react";
import { EmptyList } from "../table/EmptyList";
import { AccountDialog, WithdrawDialog } from "./dialogs";
import type { Funds } from "./queries";
import { WithdrawalList } from "./WithdrawalList";

/** Withdrawals with their states, and the dialogs to ask for one and to name the bank account. */
export function WithdrawalsPanel({ shopId, funds, editable }: { shopId: number; funds: Funds; editable: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [open, setOpen] = useState<"withdraw" | "account" | null>(null);
  const account = funds.payout_account;
  const actions = editable && (
    <>
      <Button type="primary" disabled={account === null || funds.hold !== null || funds.available_minor < funds.min_withdrawal_minor} onClick={() => setOpen("withdraw")} data-testid="withdraw">
        {t("funds.withdraw")}
      </Button>
      <Button onClick={() => setOpen("account")} data-testid="payout-account">
        {t(account ? "funds.change_account" : "funds.name_account")}
      </Button>
    </>
  );
  return (
    <>
      <div className="wb-filters">
        {actions}
        <span className="wb-muted">
          {account ? t("funds.goes_to", { holder: account.holder, bank: account.bank_name, end: account.number_end }) : t("funds.no_account")}
          {" · "}
          {t("funds.can_withdraw", { sum: format.money({ amount_minor: Math.max(funds.available_minor, 0), currency: funds.currency }, true) })}
        </span>
      </div>
      <WithdrawalList
        path={`/shops/${shopId}/funds/withdrawals`}
        queryKey={["funds", shopId, "withdrawals"]}
        showShop={false}
        empty={<EmptyList filtered={false} onReset={() => undefined} title={t("funds.no_withdrawals")} help={t("funds.no_withdrawals_help")} />}
      />
      {open === "withdraw" && <WithdrawDialog shopId={shopId} funds={funds} onClose={() => setOpen(null)} />}
      {open === "account" && <AccountDialog shopId={shopId} onClose={() => setOpen(null)} />}
    </>
  );
}
