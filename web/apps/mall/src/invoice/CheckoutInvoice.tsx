import type { InvoiceTitle } from "@xingqu/client";
import { useTranslation } from "@xingqu/i18n";
import { useState } from "react";
import { Icon } from "../kit/Icon";
import { useSession } from "../session/session";
import { TitleSheet } from "./TitleSheet";

/** The row of a checkout that says whether an invoice is wanted, and in whose name. Guests ask after signing in, at the order. */
export function CheckoutInvoice({ title, onTitle }: { title: InvoiceTitle | null; onTitle: (title: InvoiceTitle | null) => void }) {
  const { t } = useTranslation();
  const session = useSession();
  const [choosing, setChoosing] = useState(false);
  if (!session.data?.person) return null;
  const pick = (next: InvoiceTitle | null) => {
    onTitle(next);
    setChoosing(false);
  };
  return (
    <>
      <button type="button" className="card line-row" onClick={() => setChoosing(true)} data-testid="checkout-invoice">
        <span className="line-value">{t("invoice.heading")}</span>
        <span className="muted">{title ? title.name : t("invoice.none")}</span>
        <Icon name="forward" size={16} />
      </button>
      {choosing ? <TitleSheet chosenId={title?.id ?? null} onClose={() => setChoosing(false)} onNone={() => pick(null)} onChoose={pick} /> : null}
    </>
  );
}
