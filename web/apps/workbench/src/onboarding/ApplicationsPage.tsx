import { useQueryClient } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Drawer, Image, Input, Segmented, Space, Tag } from "antd";
import { useState } from "react";
import { get } from "../api/http";
import type { Page, ShopApplication } from "../api/types";
import { PageHead } from "../app/PageHead";
import { errorText } from "../app/errors";
import { ColumnChoice, type DataColumn, DataTable } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import type { FilterSchema } from "../table/url-filters";
import { type FetchPage, usePages } from "../table/use-pages";
import { useUrlFilters } from "../table/use-url-filters";
import { approveApplication, rejectApplication } from "./queries";
import { DOCUMENT_KINDS, TEXT_FIELDS } from "./rules";

const STATES = ["waiting", "approved", "rejected"] as const;
const FILTERS = { state: { type: "choice", choices: STATES, default: "waiting" } } as const satisfies FilterSchema;
const COLOUR = { waiting: "processing", approved: "success", rejected: "error", withdrawn: "default" } as const;

/** Shops that have handed in their papers and wait for an operator. */
export default function ApplicationsPage() {
  const { t } = useTranslation();
  const { values, change, reset } = useUrlFilters(FILTERS);
  const state = values.state ?? "waiting";
  const fetcher: FetchPage<ShopApplication> = (cursor, signal) => get<Page<ShopApplication>>("/operator/shop-applications", { state, cursor, limit: 50 }, signal);
  const pages = usePages(["shop-applications", state], fetcher);
  const [open, setOpen] = useState<ShopApplication | null>(null);
  const columns = useColumns(setOpen);
  return (
    <div className="wb-page">
      <PageHead title={t("onboarding.queue.title")} note={<span className="wb-muted">{t("onboarding.queue.note")}</span>} />
      <div className="wb-filters">
        <Segmented value={state} onChange={(next) => change({ state: next })} options={STATES.map((each) => ({ value: each, label: t(`onboarding.queue.state.${each}`) }))} />
        <ColumnChoice name="shop-applications" columns={columns} />
      </div>
      <DataTable
        name="shop-applications"
        rowKey={(row) => row.id}
        columns={columns}
        pages={pages}
        rowTestId="application-row"
        renderCard={(row) => <ShopName row={row} onOpen={setOpen} />}
        empty={<EmptyList filtered={state !== "waiting"} onReset={reset} title={t("onboarding.queue.empty")} help={t("onboarding.queue.empty_help")} />}
      />
      {open && <Decision key={open.id} row={open} onClose={() => setOpen(null)} />}
    </div>
  );
}

function ShopName({ row, onOpen }: { row: ShopApplication; onOpen: (row: ShopApplication) => void }) {
  const { t } = useTranslation();
  return (
    <div className="wb-line-words">
      <Button type="link" size="small" onClick={() => onOpen(row)} data-testid="application-open">
        {row.shop_name}
      </Button>
      <small className="wb-muted">
        {row.legal_name} · {t(`onboarding.kind.${row.kind}`)}
      </small>
    </div>
  );
}

function useColumns(onOpen: (row: ShopApplication) => void): DataColumn<ShopApplication>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    { key: "shop", title: t("onboarding.queue.shop"), width: 320, fixed: "left", render: (row) => <ShopName row={row} onOpen={onOpen} /> },
    { key: "licence_no", title: t("onboarding.field.licence_no"), width: 200, render: (row) => row.licence_no },
    { key: "state", title: t("products.field.state"), width: 110, render: (row) => <Tag color={COLOUR[row.state]}>{t(`onboarding.queue.state.${row.state}`)}</Tag> },
    {
      key: "when",
      title: t("products.field.updated_at"),
      width: 240,
      render: (row) =>
        row.decided_at
          ? t("listings.decided", { name: row.decided_by ?? t("onboarding.queue.nobody"), time: format.dateTime(row.decided_at) })
          : t("listings.submitted", { time: format.relative(row.submitted_at) }),
    },
  ];
}

function Decision({ row, onClose }: { row: ShopApplication; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [reasons, setReasons] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState<"approve" | "reject" | null>(null);
  const [refusal, setRefusal] = useState<unknown>(null);
  const written = Object.entries(reasons).filter(([, text]) => text.trim().length >= 2);
  const waiting = row.state === "waiting";
  const decide = async (action: "approve" | "reject") => {
    setBusy(action);
    setRefusal(null);
    try {
      await (action === "approve" ? approveApplication(row.id) : rejectApplication(row.id, Object.fromEntries(written)));
      void message.success(t(`onboarding.queue.done_${action}`));
      await client.invalidateQueries({ queryKey: ["shop-applications"] });
      onClose();
    } catch (error) {
      setRefusal(error);
      setBusy(null);
    }
  };
  const reasonBox = (field: string) =>
    waiting ? (
      <Input
        value={reasons[field] ?? ""}
        maxLength={120}
        placeholder={t("listings.reason")}
        aria-label={t("listings.reason_for", { field: t(`onboarding.field.${field}`) })}
        onChange={(event) => setReasons((now) => ({ ...now, [field]: event.target.value }))}
        data-testid={`reason-${field}`}
      />
    ) : (
      row.reasons[field] && <Alert type="error" title={row.reasons[field]} />
    );
  return (
    <Drawer
      open
      size={640}
      onClose={onClose}
      title={row.shop_name}
      footer={
        waiting && (
          <Space wrap>
            <Button danger disabled={written.length === 0} loading={busy === "reject"} onClick={() => void decide("reject")} data-testid="application-reject">
              {t("listings.reject", { count: written.length })}
            </Button>
            <Button type="primary" disabled={written.length > 0} loading={busy === "approve"} onClick={() => void decide("approve")} data-testid="application-approve">
              {t("listings.approve")}
            </Button>
          </Space>
        )
      }
    >
      {refusal !== null && <Alert type="error" showIcon title={errorText(t, refusal)} />}
      {(["kind", ...TEXT_FIELDS] as const).map((field) => (
        <section key={field} className="wb-section">
          <small className="wb-muted">{t(`onboarding.field.${field}`)}</small>
          <p>{field === "kind" ? t(`onboarding.kind.${row.kind}`) : (row[field] ?? t("onboarding.no_end"))}</p>
          {reasonBox(field)}
        </section>
      ))}
      {DOCUMENT_KINDS.map((kind) => (
        <section key={kind} className="wb-section">
          <small className="wb-muted">{t(`onboarding.field.${kind}`)}</small>
          <div>
            <Image.PreviewGroup>
              <Space wrap>
                {row.documents.filter((one) => one.kind === kind).map((one) => (
                  <Space key={one.id} orientation="vertical" size={4}>
                    <Image src={one.url} width={160} alt={t(`onboarding.field.${kind}`)} />
                    {one.valid_until && <small className="wb-muted">{t("onboarding.valid_until", { day: one.valid_until })}</small>}
                  </Space>
                ))}
              </Space>
            </Image.PreviewGroup>
          </div>
          {reasonBox(kind)}
        </section>
      ))}
    </Drawer>
  );
}
