import { useQuery } from "@tanstack/react-query";
import type { components } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Form, Input } from "antd";
import { useDeferredValue, useState } from "react";
import { get } from "../api/http";
import type { Page } from "../api/types";
import { CreatorPicker } from "../app/creators";
import { AskDialog } from "../funds/dialogs";
import { type CollaborationDetail, type Side, useCollaborationActions } from "./queries";
import { termsBody, termsProblems } from "./steps";
import { firstTerms, TermsForm } from "./TermsForm";

type Schemas = components["schemas"];
type Offered = Schemas["SelectionItemOut"];

/** Terms for somebody new: a shop invites a creator, a creator asks a shop. */
export function InviteDialog({ side, otherId, onClose }: { side: Side; otherId: number | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const actions = useCollaborationActions(side.root);
  const [other, setOther] = useState<number | null>(otherId ?? null);
  const [draft, setDraft] = useState(() => firstTerms());
  const [text, setText] = useState("");
  const isShop = side.name === "merchant";
  const [typed, setTyped] = useState("");
  const q = useDeferredValue(typed.trim());
  const offered = useQuery({ queryKey: ["offered-products", side.root, q], queryFn: async ({ signal }) => (await get<Page<Offered>>(`${side.root}/selection`, { q, limit: 50 }, signal)).items, enabled: !isShop, placeholderData: (before) => before });
  const [seen, setSeen] = useState<Offered["product"][]>([]);
  // A creator asks the shop whose goods were picked: with the first one, the others are of that shop.
  const goods = (offered.data ?? []).map((each) => each.product);
  const picked = [...seen, ...goods].find((each) => each.id === draft.product_ids[0]);
  const shopId = picked?.shop_id ?? otherId;
  const choices = isShop ? undefined : [...seen, ...goods.filter((each) => !seen.some((one) => one.id === each.id))].filter((each) => shopId === undefined || each.shop_id === shopId);
  // What was picked stays known while others are looked for.
  const change = (next: typeof draft) => {
    setDraft(next);
    setSeen([...seen, ...goods].filter((each, place, all) => next.product_ids.includes(each.id) && all.findIndex((one) => one.id === each.id) === place));
  };
  const send = async () => {
    const body = isShop ? { creator_id: other } : { shop_id: shopId };
    await actions.invite({ ...body, terms: termsBody(draft), text: text.trim() });
  };
  const ready = (isShop ? other !== null : shopId !== undefined) && termsProblems(draft).length === 0;
  return (
    <AskDialog title={t(`collab.invite.${side.name}`)} confirm={t("collab.invite.send")} done={t("collab.invite.done")} ready={ready} onSend={send} onClose={onClose}>
      {(tried) => (
        <>
          {isShop ? (
            <Form.Item label={t("collab.invite.creator_id")} htmlFor="collab-other" {...(tried && other === null ? { validateStatus: "error" as const } : {})}>
              <CreatorPicker id="collab-other" value={other} onChange={setOther} />
            </Form.Item>
          ) : (
            <p className="wb-muted">{picked ? t("collab.invite.to_shop", { shop: format.named({ name: picked.shop_name, name_en: picked.shop_name_en }) }) : t("collab.invite.pick_goods")}</p>
          )}
          <TermsForm draft={draft} onChange={change} tried={tried} side={side} products={choices} onSearch={setTyped} />
          <Form.Item label={t("collab.words")} htmlFor="collab-text">
            <Input.TextArea id="collab-text" rows={2} maxLength={400} value={text} onChange={(event) => setText(event.target.value)} />
          </Form.Item>
        </>
      )}
    </AskDialog>
  );
}

/** Answers with terms of one's own, from those on the table. */
export function CounterDialog({ side, address, item, onClose }: { side: Side; address: string; item: CollaborationDetail; onClose: () => void }) {
  const { t } = useTranslation();
  const actions = useCollaborationActions(side.root);
  const [draft, setDraft] = useState(() => firstTerms(item.terms));
  const [text, setText] = useState("");
  const choices = side.name === "merchant" ? undefined : item.products.map((each) => ({ id: each.id, name: each.name }));
  return (
    <AskDialog title={t("collab.do.counter")} confirm={t("collab.do.counter")} done={t("collab.done")} ready={termsProblems(draft).length === 0} onSend={async () => void (await actions.step(address, "counter", { version: item.version, terms: termsBody(draft), text: text.trim() }))} onClose={onClose}>
      {(tried) => (
        <>
          <TermsForm draft={draft} onChange={setDraft} tried={tried} side={side} products={choices} />
          <Form.Item label={t("collab.words")} htmlFor="counter-text">
            <Input.TextArea id="counter-text" rows={2} maxLength={400} value={text} onChange={(event) => setText(event.target.value)} />
          </Form.Item>
        </>
      )}
    </AskDialog>
  );
}
