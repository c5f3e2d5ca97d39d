import { useTranslation } from "@xingqu/i18n";
import type { CaseAct } from "./queries";

export interface SheetProps {
  busy: boolean;
  onRun: (act: CaseAct) => void;
  onClose: () => void;
}

export function Footer({ label, disabled, onRun, onClose }: { label: string; disabled: boolean; onRun: () => void; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="buy-bar">
      <button type="button" className="button button-second" onClick={onClose}>
        {t("orders.keep")}
      </button>
      <button type="button" className="button" onClick={onRun} disabled={disabled} data-testid="case-confirm">
        {label}
      </button>
    </div>
  );
}
