import { useQueryClient } from "@tanstack/react-query";
import type { components } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Form, Input, Radio, Space, Tag } from "antd";
import { useState } from "react";
import { rateText } from "../alliance/rates";
import { get, patch, post, put, remove } from "../api/http";
import type { Page } from "../api/types";
import { errorText } from "../app/errors";
import { PageHead } from "../app/PageHead";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { AskDialog } from "../funds/dialogs";
import { Thumb } from "../products/Thumb";
import { type DataColumn, DataTable } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { usePages } from "../table/use-pages";
import { ShareLink } from "./ShareLink";

type Schemas = components["schemas"];
type Item = Schemas["ShowcaseItemOut"];
type Pasted = Schemas["PastedOut"];

/** A creator's showcase: what they took up, in their order. */
export default function ShowcasePage() {
  const shop = useShop();
  const creatorId = shop.creator_id;
  return typeof creatorId === "number" ? <Showcase key={creatorId} creatorId={creatorId} editable={mayEdit(shop.permissions, "showcase")} /> : null;
}

function Showcase({ creatorId, editable }: { creatorId: number; editable: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { message, modal } = App.useApp();
  const client = useQueryClient();
  const base = `/creators/${creatorId}/alliance`;
  const key = ["showcase", creatorId];
  const [adding, setAdding] = useState(false);
  const pages = usePages<Item>(key, (cursor, signal) => get<Page<Item>>(`${base}/showcase`, { cursor }, signal));
  const act = (send: () => Promise<unknown>) =>
    send().then(
      () => client.invalidateQueries({ queryKey: key }),
      (error: unknown) => void message.error(errorText(t, error)),
    );
  const [sharing, setSharing] = useState<Item | null>(null);
  const name = (row: Item) => row.product?.name ?? `#${row.product_id}`;
  const words = (row: Item) => (
    <div className="wb-line">
      <Thumb url={row.product?.picture_url} size={36} />
      <span className="wb-clip-2">{name(row)}</span>
    </div>
  );
  const state = (row: Item) => (
    <Space size={4} wrap>
      {row.is_hidden && <Tag>{t("showcase.hidden")}</Tag>}
      {row.problem ? <Tag color="warning">{t(`showcase.problem.${row.problem}`, { defaultValue: t("showcase.problem.other") })}</Tag> : !row.is_hidden && <Tag color="success">{t("showcase.shown")}</Tag>}
    </Space>
  );
  const earns = (row: Item) =>
    row.commission_bp !== null && row.expected_minor !== null && row.product ? (
      <>
        <strong>{rateText(row.commission_bp)}</strong> {format.money({ amount_minor: row.expected_minor, currency: row.product.price.currency }, true)}
      </>
    ) : (
      "–"
    );
  const buttons = (row: Item) => (
    <Space size={4} wrap>
      {row.pick_source && (
        <Button size="small" onClick={() => setSharing(row)} data-testid="showcase-copy">
          {t("showcase.share")}
        </Button>
      )}
      {editable && (
        <>
          <Button size="small" onClick={() => void act(() => put(`${base}/showcase`, { product_ids: [row.product_id] }))}>
            {t("showcase.first")}
          </Button>
          <Button size="small" onClick={() => void act(() => patch(`${base}/showcase/${row.product_id}`, { is_hidden: !row.is_hidden }))} data-testid="showcase-hide">
            {t(row.is_hidden ? "showcase.show" : "showcase.hide")}
          </Button>
          <Button
            size="small"
            type="text"
            danger
            onClick={() =>
              void modal.confirm({
                title: t("showcase.remove_title"),
                content: t("showcase.remove_help"),
                okText: t("showcase.remove"),
                cancelText: t("actions.cancel"),
                onOk: () => act(() => remove(`${base}/showcase/${row.product_id}`)),
              })
            }
          >
            {t("showcase.remove")}
          </Button>
        </>
      )}
    </Space>
  );
  const columns: DataColumn<Item>[] = [
    { key: "product", title: t("alliance.column.product"), width: 250, fixed: "left", render: words },
    { key: "shop", title: t("showcase.shop"), width: 110, render: (row) => (row.product ? format.named({ name: row.product.shop_name, name_en: row.product.shop_name_en }) : "") },
    { key: "price", title: t("showcase.price"), width: 100, align: "right", render: (row) => (row.product ? format.money(row.product.price, true) : "–") },
    { key: "earns", title: t("showcase.earns"), width: 130, align: "right", render: earns },
    { key: "kind", title: t("alliance.column.kind"), width: 90, render: (row) => (row.kind ? t(`alliance.kind.${row.kind}`) : "–") },
    { key: "state", title: t("alliance.column.state"), width: 110, render: state },
    { key: "do", title: t("table.actions"), width: 290, render: buttons },
  ];
  const action = editable ? (
    <Button type="primary" onClick={() => setAdding(true)} data-testid="showcase-add">
      {t("showcase.add")}
    </Button>
  ) : null;
  return (
    <div className="wb-page">
      <PageHead title={t("rooms.showcase")} note={t("showcase.note")} actions={action} />
      <DataTable
        name="showcase"
        columns={columns}
        rowKey={(row) => row.product_id}
        pages={pages}
        rowTestId="showcase-item"
        empty={<EmptyList filtered={false} onReset={() => undefined} title={t("showcase.none")} help={t("showcase.none_help")} action={action} />}
        renderCard={(row) => (
          <>
            {words(row)}
            <div>
              {earns(row)} {state(row)}
            </div>
            <div>{buttons(row)}</div>
          </>
        )}
      />
      {sharing?.pick_source && <ShareLink pickSource={sharing.pick_source} name={name(sharing)} onClose={() => setSharing(null)} />}
      {adding && <AddDialog base={base} onAdded={() => client.invalidateQueries({ queryKey: key })} onClose={() => setAdding(false)} />}
    </div>
  );
}

function AddDialog({ base, onAdded, onClose }: { base: string; onAdded: () => Promise<unknown>; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [text, setText] = useState("");
  const [found, setFound] = useState<Pasted | null>(null);
  const [way, setWay] = useState<"best" | "linked">("best");
  const [problem, setProblem] = useState<unknown>(null);
  const look = async (typed: string) => {
    setText(typed);
    setFound(null);
    setProblem(null);
    if (typed.trim() === "") return;
    try {
      const told = await post<Pasted>(`${base}/pasted`, { text: typed });
      setFound(told);
      setWay(told.linked ? "linked" : "best");
    } catch (error) {
      setProblem(error);
    }
  };
  const chosen = found ? found[way] : null;
  const send = async () => {
    if (!found) return;
    await post(`${base}/links`, { product_id: found.product.id, plan_id: way === "linked" ? (found.linked?.plan_id ?? null) : null });
    await onAdded();
  };
  const option = (one: NonNullable<Pasted["best"]>, currency: string) => t("showcase.option", { kind: t(`alliance.kind.${one.kind}`), rate: rateText(one.commission_bp), sum: format.money({ amount_minor: one.expected_minor, currency }, true) });
  return (
    <AskDialog title={t("showcase.add")} confirm={t("showcase.take_up")} done={t("showcase.added")} ready={chosen !== null} onSend={send} onClose={onClose}>
      {() => (
        <>
          <Form.Item label={t("showcase.paste")} htmlFor="showcase-paste" extra={t("showcase.paste_help")}>
            <Input.TextArea id="showcase-paste" rows={2} maxLength={2000} value={text} onChange={(event) => void look(event.target.value)} data-testid="showcase-paste" />
          </Form.Item>
          {problem !== null && <Alert type="warning" showIcon title={errorText(t, problem)} />}
          {found && (
            <>
              <p>
                <strong>{found.product.name}</strong> {format.money(found.product.price, true)} <span className="wb-muted">{format.named({ name: found.product.shop_name, name_en: found.product.shop_name_en })}</span>
              </p>
              {found.best === null && found.linked === null && <Alert type="warning" showIcon title={t("showcase.not_offered")} />}
              <Radio.Group value={way} onChange={(event) => setWay(event.target.value as "best" | "linked")}>
                {found.linked && <Radio value="linked">{option(found.linked, found.product.price.currency)}</Radio>}
                {found.best && found.best.plan_id !== found.linked?.plan_id && <Radio value="best">{option(found.best, found.product.price.currency)}</Radio>}
              </Radio.Group>
              {found.in_showcase && <p className="wb-muted">{t("showcase.there_already")}</p>}
            </>
          )}
        </>
      )}
    </AskDialog>
  );
}
