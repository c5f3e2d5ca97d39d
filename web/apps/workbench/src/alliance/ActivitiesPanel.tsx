import { useQueryClient } from "@tanstack/react-query";
import type { components } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, Form, Input, Segmented, Tag } from "antd";
import { useState } from "react";
import { ACTIVITY_COLOUR, ENROLMENT_COLOUR } from "../activities/ActivitiesPage";
import { get, post } from "../api/http";
import type { Page } from "../api/types";
import { errorText } from "../app/errors";
import { AskDialog } from "../funds/dialogs";
import { ProductSelect } from "../marketing/FlashPanel";
import { type DataColumn, DataTable } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { usePages } from "../table/use-pages";
import { Preview } from "./Preview";
import type { AllianceTerms } from "./queries";
import { parseRate, rateText } from "./rates";

type Activity = components["schemas"]["ActivityOut"];
type Enrolment = components["schemas"]["EnrolmentOut"];
const VIEWS = ["open", "mine"] as const;

/** Colonels' activities that take products, and the shop's products in them. */
export function ActivitiesPanel({ shopId, terms, editable }: { shopId: number; terms: AllianceTerms; editable: boolean }) {
  const { t } = useTranslation();
  const [view, setView] = useState<(typeof VIEWS)[number]>("open");
  return (
    <>
      <div className="wb-filters">
        <Segmented size="small" value={view} onChange={setView} options={VIEWS.map((one) => ({ value: one, label: t(`activities.view.${one}`) }))} />
        <span className="wb-muted">{t("activities.merchant_note")}</span>
      </div>
      {view === "open" ? <OpenActivities shopId={shopId} terms={terms} editable={editable} /> : <Enrolments shopId={shopId} editable={editable} />}
    </>
  );
}

function OpenActivities({ shopId, terms, editable }: { shopId: number; terms: AllianceTerms; editable: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [chosen, setChosen] = useState<Activity | null>(null);
  const pages = usePages<Activity>(["alliance", shopId, "activities"], (cursor, signal) => get<Page<Activity>>(`/shops/${shopId}/alliance/activities`, { cursor }, signal));
  const enrol = (row: Activity) =>
    editable && (
      <Button size="small" type="primary" onClick={() => setChosen(row)} data-testid="activity-enrol">
        {t("activities.enrol")}
      </Button>
    );
  const columns: DataColumn<Activity>[] = [
    { key: "title", title: t("activities.title"), width: 220, fixed: "left", render: (row) => row.title },
    { key: "colonel", title: t("activities.colonel"), width: 160, render: (row) => row.colonel_name },
    { key: "commission", title: t("activities.min_commission"), width: 120, align: "right", render: (row) => rateText(row.min_commission_bp) },
    { key: "fee", title: t("activities.service"), width: 100, align: "right", render: (row) => rateText(row.service_bp) },
    { key: "until", title: t("activities.enrol_until"), width: 170, render: (row) => format.dateTime(row.enrol_until) },
    { key: "span", title: t("activities.span"), width: 300, render: (row) => `${format.dateTime(row.starts_at)} – ${format.dateTime(row.ends_at)}` },
    { key: "state", title: t("alliance.column.state"), width: 110, render: (row) => <Tag color={ACTIVITY_COLOUR[row.state]}>{t(`activities.state.${row.state}`)}</Tag> },
    { key: "do", title: t("table.actions"), width: 110, render: enrol },
  ];
  return (
    <>
      <DataTable
        name="open-activities"
        columns={columns}
        rowKey={(row) => row.id}
        pages={pages}
        rowTestId="open-activity"
        empty={<EmptyList filtered={false} onReset={() => undefined} title={t("activities.none_open")} help={t("activities.none_open_help")} />}
        renderCard={(row) => (
          <>
            <div>
              {row.title} <span className="wb-muted">{row.colonel_name}</span>
            </div>
            <div>
              {rateText(row.min_commission_bp)} + {rateText(row.service_bp)} {enrol(row)}
            </div>
          </>
        )}
      />
      {chosen && <EnrolDialog shopId={shopId} terms={terms} activity={chosen} onClose={() => setChosen(null)} />}
    </>
  );
}

function EnrolDialog({ shopId, terms, activity, onClose }: { shopId: number; terms: AllianceTerms; activity: Activity; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [productId, setProductId] = useState<number | null>(null);
  const [typed, setTyped] = useState(String(activity.min_commission_bp / 100));
  const [note, setNote] = useState("");
  const read = parseRate(typed);
  const rate = read !== null && read >= activity.min_commission_bp ? read : null;
  const send = async () => {
    await post(`/shops/${shopId}/alliance/enrolments`, { activity_id: activity.id, product_id: productId, commission_bp: rate, note });
    await client.invalidateQueries({ queryKey: ["alliance", shopId] });
  };
  return (
    <AskDialog title={t("activities.enrol_title", { activity: activity.title })} confirm={t("activities.enrol")} done={t("activities.enrolled")} ready={rate !== null && productId !== null} onSend={send} onClose={onClose}>
      {(tried) => (
        <>
          {activity.terms && <p className="wb-muted">{activity.terms}</p>}
          <Form.Item label={t("alliance.product")} htmlFor="programme-product" {...(tried && productId === null ? { validateStatus: "error" as const, help: t("alliance.wrong_product") } : {})}>
            <ProductSelect value={productId} onChange={setProductId} />
          </Form.Item>
          <Form.Item label={t("activities.commission_field", { least: rateText(activity.min_commission_bp) })} htmlFor="enrol-rate" {...(tried && rate === null ? { validateStatus: "error" as const, help: t("activities.wrong.commission") } : {})}>
            <Input id="enrol-rate" suffix="%" inputMode="decimal" maxLength={6} value={typed} onChange={(event) => setTyped(event.target.value)} />
          </Form.Item>
          <Form.Item label={t("activities.word")} htmlFor="enrol-note">
            <Input id="enrol-note" maxLength={120} value={note} onChange={(event) => setNote(event.target.value)} />
          </Form.Item>
          <Preview commissionBp={rate} serviceBp={activity.service_bp} platformBp={terms.platform_bp} techBp={terms.tech_service_fee_bp} />
        </>
      )}
    </AskDialog>
  );
}

function Enrolments({ shopId, editable }: { shopId: number; editable: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { message, modal } = App.useApp();
  const client = useQueryClient();
  const path = `/shops/${shopId}/alliance/enrolments`;
  const pages = usePages<Enrolment>(["alliance", shopId, "enrolments"], (cursor, signal) => get<Page<Enrolment>>(path, { cursor }, signal));
  const withdraw = (row: Enrolment) =>
    void modal.confirm({
      title: t("activities.withdraw_title"),
      content: t("activities.withdraw_help"),
      okText: t("activities.withdraw"),
      cancelText: t("actions.cancel"),
      onOk: () =>
        post(`${path}/${row.id}/withdraw`).then(
          () => client.invalidateQueries({ queryKey: ["alliance", shopId] }),
          (error: unknown) => void message.error(errorText(t, error)),
        ),
    });
  const state = (row: Enrolment) => <Tag color={ENROLMENT_COLOUR[row.state]}>{t(`activities.enrolment.${row.state}`)}</Tag>;
  const buttons = (row: Enrolment) =>
    editable && (row.state === "applied" || row.state === "approved") ? (
      <Button size="small" danger type="text" onClick={() => withdraw(row)}>
        {t("activities.withdraw")}
      </Button>
    ) : null;
  const columns: DataColumn<Enrolment>[] = [
    { key: "product", title: t("alliance.column.product"), width: 240, fixed: "left", render: (row) => row.product?.name ?? `#${row.product_id}` },
    { key: "activity", title: t("activities.title"), width: 200, render: (row) => row.activity_title },
    { key: "rates", title: t("alliance.column.commission"), width: 140, align: "right", render: (row) => `${rateText(row.commission_bp)} + ${rateText(row.service_bp)}` },
    { key: "state", title: t("alliance.column.state"), width: 110, render: state },
    { key: "ends", title: t("activities.ends"), width: 170, render: (row) => (row.ends_at ? format.dateTime(row.ends_at) : "–") },
    { key: "answer", title: t("activities.answer"), width: 200, render: (row) => row.answer },
    { key: "do", title: t("table.actions"), width: 110, render: buttons },
  ];
  return (
    <DataTable
      name="enrolments"
      columns={columns}
      rowKey={(row) => row.id}
      pages={pages}
      rowTestId="enrolment"
      empty={<EmptyList filtered={false} onReset={() => undefined} title={t("activities.no_enrolments")} help={t("activities.none_open_help")} />}
      renderCard={(row) => (
        <>
          <div>
            {row.product?.name} {state(row)}
          </div>
          <div>
            {row.activity_title} · {rateText(row.commission_bp)} + {rateText(row.service_bp)} {buttons(row)}
          </div>
        </>
      )}
    />
  );
}
