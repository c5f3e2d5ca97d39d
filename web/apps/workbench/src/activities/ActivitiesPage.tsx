import { useQueryClient } from "@tanstack/react-query";
import type { components } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, DatePicker, Drawer, Form, Input, Space, Tag } from "antd";
import { useState } from "react";
import { Preview } from "../alliance/Preview";
import { parseRate, rateText } from "../alliance/rates";
import { get, post } from "../api/http";
import type { Page } from "../api/types";
import { Field } from "../app/Field";
import { errorText } from "../app/errors";
import { PageHead } from "../app/PageHead";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { AskDialog } from "../funds/dialogs";
import { type DataColumn, DataTable } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { usePages } from "../table/use-pages";

type Activity = components["schemas"]["ActivityOut"];
type Enrolment = components["schemas"]["EnrolmentOut"];
export const ACTIVITY_COLOUR = { enrolling: "processing", reviewing: "warning", running: "success", over: "default", cancelled: "default" } as const;
export const ENROLMENT_COLOUR = { applied: "processing", approved: "success", declined: "default", withdrawn: "default" } as const;

/** A colonel's activities: terms, the products that merchants offered, and what they brought. */
export default function ActivitiesPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const { message, modal } = App.useApp();
  const shop = useShop();
  const client = useQueryClient();
  const base = `/shops/${shop.id}/activities`;
  const key = ["activities", shop.id];
  const editable = mayEdit(shop.permissions, "activities");
  const pages = usePages<Activity>(key, (cursor, signal) => get<Page<Activity>>(base, { cursor }, signal));
  const [opening, setOpening] = useState(false);
  const [shown, setShown] = useState<Activity | null>(null);
  const done = () => client.invalidateQueries({ queryKey: key });
  const money = (amount_minor: number) => format.money({ amount_minor, currency: "CNY" }, true);
  const state = (row: Activity) => <Tag color={ACTIVITY_COLOUR[row.state]}>{t(`activities.state.${row.state}`)}</Tag>;
  const cancel = (row: Activity) =>
    void modal.confirm({
      title: t("activities.cancel_title"),
      content: t("activities.cancel_help"),
      okText: t("activities.cancel"),
      cancelText: t("actions.cancel"),
      onOk: () => post(`${base}/${row.id}/cancel`).then(done, (error: unknown) => void message.error(errorText(t, error))),
    });
  const buttons = (row: Activity) => (
    <Space size={4} wrap>
      <Button size="small" type={row.waiting ? "primary" : "default"} onClick={() => setShown(row)} data-testid="activity-products">
        {row.waiting ? t("activities.review", { count: row.waiting }) : t("activities.products", { count: row.approved })}
      </Button>
      {editable && row.state !== "over" && row.state !== "cancelled" && (
        <Button size="small" type="text" danger onClick={() => cancel(row)}>
          {t("activities.cancel")}
        </Button>
      )}
    </Space>
  );
  const columns: DataColumn<Activity>[] = [
    { key: "title", title: t("activities.title"), width: 220, fixed: "left", render: (row) => row.title },
    { key: "state", title: t("alliance.column.state"), width: 110, render: state },
    { key: "commission", title: t("activities.min_commission"), width: 110, align: "right", render: (row) => rateText(row.min_commission_bp) },
    { key: "fee", title: t("activities.service"), width: 100, align: "right", render: (row) => rateText(row.service_bp) },
    { key: "until", title: t("activities.enrol_until"), width: 170, render: (row) => format.dateTime(row.enrol_until) },
    { key: "span", title: t("activities.span"), width: 300, render: (row) => `${format.dateTime(row.starts_at)} – ${format.dateTime(row.ends_at)}` },
    { key: "sold", title: t("activities.sold"), width: 120, align: "right", render: (row) => money(row.sold_minor) },
    { key: "earned", title: t("activities.fee"), width: 120, align: "right", render: (row) => <strong>{money(row.fee_minor)}</strong> },
    { key: "do", title: t("table.actions"), width: 220, render: buttons },
  ];
  const action = editable ? (
    <Button type="primary" onClick={() => setOpening(true)} data-testid="activity-open">
      {t("activities.open")}
    </Button>
  ) : null;
  return (
    <div className="wb-page">
      <PageHead title={t("rooms.activities")} note={t("activities.note")} actions={action} />
      <DataTable
        name="activities"
        columns={columns}
        rowKey={(row) => row.id}
        pages={pages}
        rowTestId="activity"
        empty={<EmptyList filtered={false} onReset={() => undefined} title={t("activities.none")} help={t("activities.none_help")} action={action} />}
        renderCard={(row) => (
          <>
            <div>
              {row.title} {state(row)}
            </div>
            <div>
              {rateText(row.min_commission_bp)} + {rateText(row.service_bp)} · {t("activities.fee")} {money(row.fee_minor)}
            </div>
            <div>{buttons(row)}</div>
          </>
        )}
      />
      {opening && <OpenActivityDialog base={base} onDone={done} onClose={() => setOpening(false)} />}
      {shown && <Enrolled base={base} activity={shown} editable={editable} onChanged={done} onClose={() => setShown(null)} />}
    </div>
  );
}

function OpenActivityDialog({ base, onDone, onClose }: { base: string; onDone: () => Promise<unknown>; onClose: () => void }) {
  const { t } = useTranslation();
  const [title, setTitle] = useState("");
  const [terms, setTerms] = useState("");
  const [commission, setCommission] = useState("");
  const [service, setService] = useState("");
  const [until, setUntil] = useState<string | null>(null);
  const [span, setSpan] = useState<[string, string] | null>(null);
  const rates = [parseRate(commission), parseRate(service)] as const;
  const wrong = { title: title.trim() === "", commission: rates[0] === null, service: rates[1] === null, until: until === null, span: span === null };
  const send = async () => {
    await post(base, { title, terms, min_commission_bp: rates[0], service_bp: rates[1], enrol_until: until, starts_at: span?.[0], ends_at: span?.[1] });
    await onDone();
  };
  const problem = (tried: boolean, name: keyof typeof wrong) => (tried && wrong[name] ? { validateStatus: "error" as const, help: t(`activities.wrong.${name}`) } : {});
  return (
    <AskDialog title={t("activities.open")} confirm={t("activities.open")} done={t("activities.opened")} ready={!Object.values(wrong).some(Boolean)} onSend={send} onClose={onClose}>
      {(tried) => (
        <>
          <Form.Item label={t("activities.title")} htmlFor="activity-title" {...problem(tried, "title")}>
            <Input id="activity-title" maxLength={60} value={title} onChange={(event) => setTitle(event.target.value)} data-testid="activity-title" />
          </Form.Item>
          <Form.Item label={t("activities.min_commission_field")} htmlFor="activity-commission" {...problem(tried, "commission")}>
            <Input id="activity-commission" suffix="%" inputMode="decimal" maxLength={6} value={commission} onChange={(event) => setCommission(event.target.value)} />
          </Form.Item>
          <Form.Item label={t("activities.service_field")} htmlFor="activity-service" {...problem(tried, "service")}>
            <Input id="activity-service" suffix="%" inputMode="decimal" maxLength={6} value={service} onChange={(event) => setService(event.target.value)} />
          </Form.Item>
          <Field label={t("activities.enrol_until")} {...problem(tried, "until")}>
            <DatePicker showTime onChange={(chosen) => setUntil(chosen ? chosen.toISOString() : null)} />
          </Field>
          <Field label={t("activities.span")} {...problem(tried, "span")}>
            <DatePicker.RangePicker showTime onChange={(chosen) => setSpan(chosen?.[0] && chosen[1] ? [chosen[0].toISOString(), chosen[1].toISOString()] : null)} />
          </Field>
          <Form.Item label={t("activities.terms")} htmlFor="activity-terms">
            <Input.TextArea id="activity-terms" rows={3} maxLength={2000} value={terms} onChange={(event) => setTerms(event.target.value)} />
          </Form.Item>
          <Preview commissionBp={rates[0]} serviceBp={rates[1] ?? 0} />
        </>
      )}
    </AskDialog>
  );
}

/** Where creators paste from: the product with the activity's plan. */
export const activityLink = (row: { product_id: number; plan_id: number | null }, origin = location.origin) => `${origin}/product/${row.product_id}?plan=${row.plan_id ?? ""}`;

function Enrolled({ base, activity, editable, onChanged, onClose }: { base: string; activity: Activity; editable: boolean; onChanged: () => Promise<unknown>; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { message, modal } = App.useApp();
  const client = useQueryClient();
  const path = `${base}/${activity.id}/enrolments`;
  const key = ["enrolled", activity.id];
  const pages = usePages<Enrolment>(key, (cursor, signal) => get<Page<Enrolment>>(path, { cursor }, signal));
  const review = (row: Enrolment, approve: boolean) =>
    post(`${path}/${row.id}/review`, { approve }).then(
      async () => {
        await client.invalidateQueries({ queryKey: key });
        await onChanged();
      },
      (error: unknown) => void message.error(errorText(t, error)),
    );
  const copy = (row: Enrolment) =>
    navigator.clipboard.writeText(activityLink(row)).then(
      () => void message.success(t("showcase.copied")),
      () => void modal.info({ title: t("activities.link"), content: activityLink(row) }),
    );
  const state = (row: Enrolment) => <Tag color={ENROLMENT_COLOUR[row.state]}>{t(`activities.enrolment.${row.state}`)}</Tag>;
  const buttons = (row: Enrolment) => (
    <Space size={4}>
      {editable && row.state === "applied" && (
        <>
          <Button size="small" type="primary" onClick={() => void review(row, true)} data-testid="enrolment-approve">
            {t("activities.approve")}
          </Button>
          <Button size="small" onClick={() => void review(row, false)}>
            {t("activities.decline")}
          </Button>
        </>
      )}
      {row.state === "approved" && (
        <Button size="small" onClick={() => void copy(row)}>
          {t("activities.copy")}
        </Button>
      )}
    </Space>
  );
  const columns: DataColumn<Enrolment>[] = [
    { key: "product", title: t("alliance.column.product"), width: 240, render: (row) => row.product?.name ?? `#${row.product_id}` },
    { key: "shop", title: t("showcase.shop"), width: 140, render: (row) => format.named({ name: row.shop_name, name_en: row.shop_name_en }) },
    { key: "rates", title: t("alliance.column.commission"), width: 130, align: "right", render: (row) => `${rateText(row.commission_bp)} + ${rateText(row.service_bp)}` },
    { key: "state", title: t("alliance.column.state"), width: 100, render: state },
    { key: "note", title: t("activities.word"), width: 180, render: (row) => row.note },
    { key: "do", title: t("table.actions"), width: 180, render: buttons },
  ];
  return (
    <Drawer open size="large" title={activity.title} onClose={onClose}>
      {activity.terms && <p className="wb-muted">{activity.terms}</p>}
      <p className="wb-muted">{t("activities.link_help")}</p>
      <DataTable
        name="enrolled"
        columns={columns}
        rowKey={(row) => row.id}
        pages={pages}
        rowTestId="enrolled"
        empty={<EmptyList filtered={false} onReset={() => undefined} title={t("activities.no_products")} help={t("activities.no_products_help")} />}
        renderCard={(row) => (
          <>
            <div>
              {row.product?.name} {state(row)}
            </div>
            <div>
              {format.named({ name: row.shop_name, name_en: row.shop_name_en })} · {rateText(row.commission_bp)} + {rateText(row.service_bp)}
            </div>
            <div>{buttons(row)}</div>
          </>
        )}
      />
    </Drawer>
  );
}
