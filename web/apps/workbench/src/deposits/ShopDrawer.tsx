import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Drawer, Form, Input, Skeleton, Space, Upload } from "antd";
import { App } from "antd";
import { useState } from "react";
import { ErrorView } from "../app/ErrorView";
import { errorText } from "../app/errors";
import { amountOf, amountProblem } from "../funds/amounts";
import { AskDialog } from "../funds/dialogs";
import { ChangeList } from "./ChangeList";
import { type DepositShop, type Evidence, usePlatformActions, useStanding } from "./queries";
import { penaltyProblem } from "./penalty";
import { StandingFigures } from "./StandingFigures";

/** One shop's deposit for an operator: what it should be, what became of it, and what to decide. */
export function ShopDrawer({ shop, onClose }: { shop: DepositShop; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const standing = useStanding(shop.shop_id, true);
  const [open, setOpen] = useState<"penalty" | "freeze" | null>(null);
  return (
    <Drawer open size={880} title={`${format.named({ name: shop.shop_name, name_en: shop.shop_name_en })} (${shop.shop_id})`} onClose={onClose}>
      {standing.isPending && <Skeleton active />}
      {standing.isError && <ErrorView error={standing.error} onRetry={() => void standing.refetch()} />}
      {standing.data && <StandingFigures row={standing.data} />}
      <div className="wb-filters">
        <Button type="primary" danger onClick={() => setOpen("penalty")} data-testid="deposit-penalty">
          {t("deposits.penalty")}
        </Button>
        <Button onClick={() => setOpen("freeze")} data-testid="deposit-freeze">
          {t("deposits.freeze")}
        </Button>
      </div>
      <ChangeList shopId={shop.shop_id} operator />
      {open === "penalty" && <PenaltyDialog shopId={shop.shop_id} onClose={() => setOpen(null)} />}
      {open === "freeze" && <FreezeDialog shopId={shop.shop_id} onClose={() => setOpen(null)} />}
    </Drawer>
  );
}

function PenaltyDialog({ shopId, onClose }: { shopId: number; onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { penalise, upload } = usePlatformActions();
  const [typed, setTyped] = useState({ amount: "", compensation: "", order: "", reason: "" });
  const [evidence, setEvidence] = useState<Evidence[]>([]);
  const problem = penaltyProblem(typed);
  const set = (name: keyof typeof typed) => (event: { target: { value: string } }) => setTyped({ ...typed, [name]: event.target.value });
  const send = () =>
    penalise(shopId, {
      amount_minor: typed.amount.trim() ? amountOf(typed.amount) : 0,
      compensation_minor: typed.compensation.trim() ? amountOf(typed.compensation) : 0,
      order_no: typed.order.trim(),
      reason: typed.reason.trim(),
      evidence_ids: evidence.map((one) => one.id),
    });
  const add = async (file: File) => {
    try {
      const added = await upload(file);
      setEvidence((now) => [...now, added]);
    } catch (error) {
      void message.error(errorText(t, error));
    }
  };
  return (
    <AskDialog title={t("deposits.penalty")} confirm={t("deposits.penalty")} done={t("deposits.saved")} ready={problem === null} onSend={send} onClose={onClose}>
      {(tried) => (
        <>
          <Form.Item label={t("deposits.field.amount")} htmlFor="penalty-amount" extra={t("deposits.field_help.amount")}>
            <Input id="penalty-amount" prefix="¥" inputMode="decimal" value={typed.amount} onChange={set("amount")} data-testid="penalty-amount" />
          </Form.Item>
          <Form.Item label={t("deposits.field.reason")} htmlFor="penalty-reason" required>
            <Input id="penalty-reason" maxLength={200} value={typed.reason} onChange={set("reason")} data-testid="penalty-reason" />
          </Form.Item>
          <Form.Item label={t("deposits.field.order")} htmlFor="penalty-order">
            <Input id="penalty-order" maxLength={32} value={typed.order} onChange={set("order")} />
          </Form.Item>
          <Form.Item label={t("deposits.field.compensation")} htmlFor="penalty-compensation" extra={t("deposits.field_help.compensation")}>
            <Input id="penalty-compensation" prefix="¥" inputMode="decimal" value={typed.compensation} onChange={set("compensation")} />
          </Form.Item>
          <Space>
            <Upload
              accept="image/jpeg,image/png,image/webp"
              showUploadList={false}
              beforeUpload={(file) => {
                void add(file);
                return false;
              }}
            >
              <Button disabled={evidence.length >= 9}>{t("deposits.add_evidence")}</Button>
            </Upload>
            <span className="wb-muted">{t("deposits.evidence_count", { count: evidence.length })}</span>
          </Space>
          {tried && problem && <p role="alert">{t(`deposits.wrong.${problem}`)}</p>}
        </>
      )}
    </AskDialog>
  );
}

function FreezeDialog({ shopId, onClose }: { shopId: number; onClose: () => void }) {
  const { t } = useTranslation();
  const { freeze } = usePlatformActions();
  const [amount, setAmount] = useState("");
  const [reason, setReason] = useState("");
  const problem = amountProblem(amount, { least_minor: 1, most_minor: 1_000_000_000 });
  return (
    <AskDialog title={t("deposits.freeze")} confirm={t("deposits.freeze")} done={t("deposits.saved")} ready={problem === null && reason.trim() !== ""} onSend={() => freeze(shopId, amountOf(amount), reason.trim())} onClose={onClose}>
      {(tried) => (
        <>
          <Form.Item label={t("deposits.column.amount")} htmlFor="freeze-amount" {...(tried && problem ? { validateStatus: "error" as const, help: t(`funds.wrong.${problem}`) } : {})}>
            <Input id="freeze-amount" prefix="¥" inputMode="decimal" value={amount} onChange={(event) => setAmount(event.target.value)} />
          </Form.Item>
          <Form.Item label={t("deposits.field.reason")} htmlFor="freeze-reason" required>
            <Input id="freeze-reason" maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} />
          </Form.Item>
          <p className="wb-muted">{t("deposits.freeze_help")}</p>
        </>
      )}
    </AskDialog>
  );
}
