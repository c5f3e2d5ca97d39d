import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Skeleton, Tabs } from "antd";
import { useState } from "react";
import { PageHead } from "../app/PageHead";
import { type DataColumn, DataTable } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import type { FilterSchema } from "../table/url-filters";
import { usePages } from "../table/use-pages";
import { useUrlFilters } from "../table/use-url-filters";
import { CollabDrawer } from "./CollabDrawer";
import { InviteDialog } from "./InviteDialog";
import { type Collaboration, collabKey, collaborationsPage, type Side, useCollaborationCounts } from "./queries";
import { useSide } from "./side";
import { WAITING, WaitingFilter, waitingFor } from "./WaitingFilter";
import { CollabTag, NextStep, useMoney } from "./Words";

const TABS = ["negotiating", "funding", "running", "disputed", "ended"] as const;
const FILTERS = { tab: { type: "choice", choices: ["all", ...TABS], default: "all" }, waiting: { type: "choice", choices: WAITING, default: "all" }, open: { type: "text" }, creator: { type: "id" }, shop: { type: "id" } } as const satisfies FilterSchema;

/** Collaborations, of a shop or of a creator. `?creator=7` (`?shop=7`) opens an invitation to them. */
export default function CollaborationsPage() {
  const side = useSide();
  const { t } = useTranslation();
  return side ? <Collaborations side={side} /> : <Skeleton active paragraph={{ rows: 8 }} className="wb-page" aria-label={t("loading")} />;
}

function Collaborations({ side }: { side: Side }) {
  const { t } = useTranslation();
  const format = useFormat();
  const money = useMoney();
  const { values, change } = useUrlFilters(FILTERS);
  const tab = values.tab ?? "all";
  const counts = useCollaborationCounts(side.root);
  const waiting = waitingFor(side, values.waiting);
  const pages = usePages<Collaboration>([...collabKey(side.root), "page", tab, waiting], collaborationsPage(side.root, tab, waiting));
  const asked = side.name === "merchant" ? values.creator : values.shop;
  const [inviting, setInviting] = useState(false);
  const who = (row: Collaboration) => (side.name === "merchant" ? row.creator_name : format.named({ name: row.shop_name, name_en: row.shop_name_en }));
  const days = (row: Collaboration) => `${format.date(row.terms.starts_on)} – ${format.date(row.terms.ends_on)}`;
  const columns: DataColumn<Collaboration>[] = [
    { key: "who", title: t(`collab.column.${side.name === "merchant" ? "creator" : "shop"}`), width: 180, fixed: "left", render: (row) => <Button type="link" size="small" onClick={() => change({ open: row.collab_no })}>{who(row)}</Button> },
    { key: "state", title: t("collab.column.state"), width: 120, render: (row) => <CollabTag state={row.state} /> },
    { key: "next", title: t("collab.column.next"), width: 240, render: (row) => <NextStep side={side.name} waiting_for={row.waiting_for} due_at={row.due_at} /> },
    { key: "rate", title: t("collab.terms.commission_bp"), width: 100, align: "right", render: (row) => `${row.terms.commission_bp / 100}%` },
    { key: "fee", title: t("collab.terms.slot_fee_minor"), width: 130, align: "right", render: (row) => money(row.terms.slot_fee_minor, row.currency) },
    { key: "days", title: t("collab.terms.days"), width: 200, render: days },
    { key: "no", title: t("collab.column.number"), width: 190, extra: true, render: (row) => <span className="wb-mono">{row.collab_no}</span> },
  ];
  const invite = side.editable && (
    <Button type="primary" onClick={() => setInviting(true)} data-testid="collab-invite">
      {t(`collab.invite.${side.name}`)}
    </Button>
  );
  return (
    <div className="wb-page">
      <PageHead title={t("rooms.collaborations")} note={<span className="wb-muted">{t("collab.note")} {counts.data && counts.data.mine > 0 && t("collab.note_waiting", { count: counts.data.mine })}</span>} actions={invite || undefined} />
      <Tabs
        className="wb-tabs"
        activeKey={tab}
        onChange={(next) => change({ tab: next })}
        items={["all", ...TABS].map((name) => {
          const count = name === "all" || name === "ended" ? 0 : (counts.data?.[name as "running"] ?? 0);
          return { key: name, label: <span data-testid={`collab-tab-${name}`}>{t(`collab.tab.${name}`)}{count > 0 && <span className={name === "disputed" ? "wb-tab-late" : "wb-tab-count"}>{count}</span>}</span> };
        })}
      />
      <WaitingFilter value={values.waiting} onChange={(next) => change({ waiting: next })} />
      <DataTable
        name={`collaborations-${side.name}`}
        columns={columns}
        rowKey={(row) => row.collab_no}
        pages={pages}
        rowTestId="collaboration"
        onOpen={(row) => change({ open: row.collab_no })}
        onRowClick={(row) => change({ open: row.collab_no })}
        empty={<EmptyList filtered={tab !== "all" || waiting !== undefined} onReset={() => change({ tab: "all", waiting: "all" })} title={t("collab.no_collabs")} help={t(`collab.no_collabs_help.${side.name}`)} action={invite || null} />}
        renderCard={(row) => (
          <button type="button" className="wb-card-button" onClick={() => change({ open: row.collab_no })}>
            <span className="wb-row-between">
              <strong>{who(row)}</strong>
              <CollabTag state={row.state} />
            </span>
            <span className="wb-muted">
              {row.terms.commission_bp / 100}% · {money(row.terms.slot_fee_minor, row.currency)} · {days(row)}
            </span>
            <NextStep side={side.name} waiting_for={row.waiting_for} due_at={row.due_at} />
          </button>
        )}
      />
      <CollabDrawer root={side.root} side={side} number={values.open} onClose={() => change({ open: undefined })} />
      {(inviting || asked !== undefined) && side.editable && (
        <InviteDialog
          side={side}
          otherId={asked}
          onClose={() => {
            setInviting(false);
            change({ creator: undefined, shop: undefined });
          }}
        />
      )}
    </div>
  );
}
