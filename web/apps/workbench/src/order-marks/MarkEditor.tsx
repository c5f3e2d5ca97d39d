import { FlagFilled } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Input, Radio } from "antd";
import { useState } from "react";
import { put } from "../api/http";
import type { OrderDetail } from "../api/types";
import { errorText } from "../app/errors";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { FLAGS } from "./filters";

export const FLAG_COLOURS: Record<string, string> = { red: "#cf1322", yellow: "#d48806", green: "#389e0d", blue: "#0958d9", purple: "#722ed1" };

/** A flag in its colour, with its name for those who don't see it. */
export function OrderFlag({ flag, note }: { flag: string; note: string }) {
  const { t } = useTranslation();
  if (!flag && !note) return null;
  const words = flag ? t("order_marks.flagged", { colour: t(`order_marks.colour.${flag}`) }) : t("order_marks.mine");
  return <FlagFilled style={{ color: FLAG_COLOURS[flag] ?? "var(--ant-color-text-tertiary)" }} title={note ? `${words} · ${note}` : words} aria-label={words} />;
}

/** The merchant's own flag and note on an order. */
export function MarkEditor({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const shop = useShop();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [flag, setFlag] = useState(order.flag);
  const [note, setNote] = useState(order.seller_note);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const editable = mayEdit(shop.permissions, "orders");
  const dirty = flag !== order.flag || note.trim() !== order.seller_note;
  const save = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      const saved = await put<OrderDetail>(`/shops/${shop.id}/orders/${order.order_no}/mark`, { flag, note: note.trim() });
      client.setQueryData(["order", shop.id, order.order_no], saved);
      await client.invalidateQueries({ queryKey: ["orders", shop.id] });
      void message.success(t("order_marks.saved"));
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section data-testid="order-mark">
      <h2>{t("order_marks.mine")}</h2>
      <p className="wb-muted">{t("order_marks.mine_help")}</p>
      <div className="wb-stack wb-order-mark">
        <Radio.Group size="small" optionType="button" value={flag} disabled={!editable} onChange={(event) => setFlag(event.target.value as typeof flag)}>
          {["", ...FLAGS].map((each) => (
            <Radio.Button key={each} value={each} data-testid={`flag-${each || "none"}`}>
              {each && <FlagFilled style={{ color: FLAG_COLOURS[each] }} aria-hidden />} {t(`order_marks.colour.${each || "none"}`)}
            </Radio.Button>
          ))}
        </Radio.Group>
        <Input.TextArea
          value={note}
          maxLength={200}
          autoSize={{ minRows: 1, maxRows: 4 }}
          disabled={!editable}
          placeholder={t("order_marks.placeholder")}
          aria-label={t("order_marks.mine")}
          onChange={(event) => setNote(event.target.value)}
          data-testid="order-note"
        />
        {refusal !== null && <Alert type="error" showIcon title={errorText(t, refusal)} />}
        {editable && dirty && (
          <Button size="small" type="primary" loading={busy} onClick={() => void save()} data-testid="order-mark-save">
            {t("actions.save")}
          </Button>
        )}
      </div>
    </section>
  );
}
