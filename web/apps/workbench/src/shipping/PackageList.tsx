import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, Drawer, Dropdown, Tag, Timeline } from "antd";
import { type Key, type ReactNode, useState } from "react";
import type { DeskPackage } from "../api/types";
import { errorText } from "../app/errors";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { Thumb } from "../products/Thumb";
import { ColumnChoice, type DataColumn, DataTable } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { usePages } from "../table/use-pages";
import { NumberDialog } from "./NumberForm";
import { SplitDialog } from "./SplitDialog";
import { PACKAGE_COLOURS, packageActions } from "./package-view";
import { labelsAddress, packagesFetcher, useDesk } from "./queries";

type Asking = { what: "split" | "number" | "hand_over" | "waybill"; one: DeskPackage } | null;

interface Props {
  /** The line of search and tools above the list, with the list's choice of columns. */
  bar: (columnChoice: ReactNode) => ReactNode;
  tab: string;
  q: string | undefined;
  selected: Key[];
  onSelect: (keys: Key[]) => void;
  onReset: () => void;
}

/** Packages of one tab, with what may be done about each. */
export function PackageList({ bar, tab, q, selected, onSelect, onReset }: Props) {
  const { t } = useTranslation();
  const shop = useShop();
  const format = useFormat();
  const { message, modal } = App.useApp();
  const desk = useDesk(shop.id);
  const [asking, setAsking] = useState<Asking>(null);
  const [opened, setOpened] = useState<DeskPackage | null>(null);
  const editable = mayEdit(shop.permissions, "orders");
  const pages = usePages(["packages", shop.id, tab, q], packagesFetcher(shop.id, { tab, q }));
  const run = (call: Promise<unknown>) =>
    call.then(() => void message.success(t("shipping.done")), (error: unknown) => void message.error(errorText(t, error)));
  const act = (action: string, one: DeskPackage) => {
    if (action === "label") globalThis.open(labelsAddress(shop.id, [one.id]), "_blank", "noopener");
    else if (action === "unpack") void run(desk.unpack(one.id));
    else if (action === "hand_over" && one.has_waybill) void run(desk.handOver(one.id));
    else if (action === "intercept")
      modal.confirm({ title: t("shipping.intercept_title"), content: t("shipping.intercept_help"), okText: t("shipping.do.intercept"), cancelText: t("actions.cancel"), onOk: () => run(desk.intercept(one.id)) });
    else setAsking({ what: action as "split", one });
  };
  const actions = (one: DeskPackage) => {
    const [first, ...rest] = editable ? packageActions(one) : [];
    if (!first) return null;
    return (
      <Dropdown.Button size="small" menu={{ items: rest.map((key) => ({ key, label: t(`shipping.do.${key}`) })), onClick: ({ key }) => act(key, one) }} onClick={() => act(first, one)} data-testid="package-action">
        {t(`shipping.do.${first}`)}
      </Dropdown.Button>
    );
  };
  const columns: DataColumn<DeskPackage>[] = [
    {
      key: "number",
      title: t("orders.column.tracking_no"),
      width: 190,
      fixed: "left",
      render: (one) => (
        <Button type="link" size="small" className="wb-link" onClick={() => setOpened(one)} data-testid="package-open">
          {one.tracking_no ? (
            <>
              {format.named({ name: one.carrier_name, name_en: one.carrier_name_en })} <span className="wb-mono">{one.tracking_no}</span>
            </>
          ) : (
            t("shipping.package", { id: one.id })
          )}
        </Button>
      ),
    },
    { key: "lines", title: t("orders.column.lines"), width: 250, render: (one) => <Lines one={one} /> },
    { key: "state", title: t("orders.column.state"), width: 130, render: (one) => <StateTags one={one} /> },
    { key: "to", title: t("shipping.to"), width: 170, render: (one) => <Recipient one={one} /> },
    { key: "news", title: t("shipping.news"), width: 190, render: (one) => <News one={one} /> },
    { key: "actions", title: t("table.actions"), width: 170, fixed: "right", render: actions },
  ];
  return (
    <>
      {bar(<ColumnChoice name="packages" columns={columns} />)}
      <DataTable
        name="packages"
        rowKey={(one) => one.id}
        columns={columns}
        pages={pages}
        rowTestId="package-row"
        selected={selected}
        onSelect={onSelect}
        onOpen={setOpened}
        renderCard={(one) => (
          <div className="wb-stack">
            <div className="wb-row-between">
              <Button type="link" size="small" className="wb-link" onClick={() => setOpened(one)}>
                {one.tracking_no || t("shipping.package", { id: one.id })}
              </Button>
              <StateTags one={one} />
            </div>
            <Lines one={one} />
            <News one={one} />
            {actions(one)}
          </div>
        )}
        empty={<EmptyList filtered={Boolean(q)} onReset={onReset} title={t(`shipping.empty.${tab}`)} help={t("shipping.empty_help")} />}
      />
      {asking?.what === "split" && <SplitDialog one={asking.one} onConfirm={(lines) => desk.split(asking.one.id, lines)} onClose={() => setAsking(null)} />}
      {asking?.what === "number" && <NumberDialog title={t("shipping.do.number")} onConfirm={(number) => desk.changeNumber(asking.one.id, number)} onClose={() => setAsking(null)} />}
      {asking?.what === "hand_over" && <NumberDialog title={t("shipping.do.hand_over")} onConfirm={(number) => desk.handOver(asking.one.id, number)} onClose={() => setAsking(null)} />}
      {asking?.what === "waybill" && (
        <NumberDialog
          carrierOnly
          title={t("shipping.do.waybill")}
          onConfirm={async ({ carrier_code }) => {
            const [row] = await desk.waybills([asking.one.id], carrier_code);
            if (row?.error) void message.error(t(`errors.${row.error.code}`, { defaultValue: row.error.message }));
          }}
          onClose={() => setAsking(null)}
        />
      )}
      <PackageDrawer one={opened} onClose={() => setOpened(null)} />
    </>
  );
}

function Lines({ one }: { one: DeskPackage }) {
  const { t } = useTranslation();
  const orders = new Set(one.lines.map((line) => line.order_no));
  return (
    <div className="wb-stack">
      {one.lines.slice(0, 3).map((line) => (
        <div key={`${line.order_no}-${line.sku_id}`} className="wb-line">
          <Thumb url={line.picture_url} size={32} />
          <div className="wb-line-words">
            <span className="wb-clip">{line.name}</span>
            <small className="wb-muted">
              {line.option_text} × {line.quantity}
            </small>
          </div>
        </div>
      ))}
      {orders.size > 1 && <Tag>{t("shipping.orders_inside", { count: orders.size })}</Tag>}
    </div>
  );
}

function StateTags({ one }: { one: DeskPackage }) {
  const { t } = useTranslation();
  return (
    <span>
      <Tag color={PACKAGE_COLOURS[one.state] ?? "default"}>{t(`shipping.state.${one.state}`)}</Tag>
      {one.flagged_at && <Tag color="red">{t("shipping.silent")}</Tag>}
      {one.intercept && <Tag color="orange">{t(`shipping.intercept.${one.intercept}`)}</Tag>}
      {one.state === "packed" && one.has_waybill && <Tag>{one.printed_at ? t("shipping.printed") : t("shipping.has_waybill")}</Tag>}
    </span>
  );
}

function Recipient({ one }: { one: DeskPackage }) {
  const to = one.recipient as Record<string, string>;
  return (
    <div className="wb-stack">
      <span>{to["recipient"]}</span>
      <small className="wb-muted">
        {to["province"]} {to["city"]}
      </small>
    </div>
  );
}

function News({ one }: { one: DeskPackage }) {
  const { t } = useTranslation();
  const format = useFormat();
  const last = one.events[0];
  if (one.state === "packed") return one.ship_by ? <span>{t("orders.by", { time: format.dateTime(one.ship_by) })}</span> : null;
  if (!last) return null;
  const data = last.data as { text?: string };
  return (
    <div className="wb-stack">
      <span>{data.text || t(`shipping.event.${last.code}`, { defaultValue: last.code })}</span>
      <small className="wb-muted">{format.dateTime(last.at)}</small>
    </div>
  );
}

function PackageDrawer({ one, onClose }: { one: DeskPackage | null; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const to = (one?.recipient ?? {}) as Record<string, string>;
  return (
    <Drawer open={one !== null} onClose={onClose} size={480} title={one?.tracking_no || (one ? t("shipping.package", { id: one.id }) : "")}>
      {one && (
        <div className="wb-stack" data-testid="package-drawer">
          <StateTags one={one} />
          <p>
            {to["recipient"]} {to["phone"]}
            <br />
            {[to["province"], to["city"], to["district"], to["detail"]].join(" ")}
          </p>
          <Lines one={one} />
          <Timeline
            items={one.events.map((event) => {
              const data = event.data as { text?: string; reason?: string };
              return {
                key: `${event.code}-${event.at}`,
                content: (
                  <>
                    <b>{t(`shipping.event.${event.code}`, { defaultValue: event.code })}</b> <small className="wb-muted">{format.dateTime(event.at)}</small>
                    <div>{data.text || data.reason}</div>
                  </>
                ),
              };
            })}
          />
        </div>
      )}
    </Drawer>
  );
}
