import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Drawer, Form, Input, InputNumber, Skeleton } from "antd";
import { useState } from "react";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { AskDialog } from "../funds/dialogs";
import { type DataColumn, DataTable } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { usePages } from "../table/use-pages";
import { CollabBody } from "./CollabBody";
import { type Collaboration, type CollaborationDetail, collabKey, disputesPage, PLATFORM, useCollaboration, useCollaborationActions } from "./queries";
import { RulesPanel } from "./RulesPanel";
import { NextStep, useMoney } from "./Words";

/** What shops and creators could not agree on, for the platform to decide; and the rules. */
export default function DisputesPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const money = useMoney();
  const pages = usePages<Collaboration>([...collabKey(PLATFORM), "disputes"], disputesPage);
  const [open, setOpen] = useState<string | null>(null);
  const held = (row: Collaboration) => money(row.paid_minor - row.released_minor - row.returned_minor, row.currency);
  const columns: DataColumn<Collaboration>[] = [
    { key: "no", title: t("collab.column.number"), width: 200, fixed: "left", render: (row) => <Button type="link" size="small" onClick={() => setOpen(row.collab_no)}>{row.collab_no}</Button> },
    { key: "shop", title: t("collab.column.shop"), width: 160, render: (row) => format.named({ name: row.shop_name, name_en: row.shop_name_en }) },
    { key: "creator", title: t("collab.column.creator"), width: 160, render: (row) => row.creator_name },
    { key: "held", title: t("collab.figure.held"), width: 140, align: "right", render: held },
    { key: "due", title: t("collab.column.next"), width: 240, render: (row) => <NextStep side="platform" waiting_for={row.waiting_for} due_at={row.due_at} /> },
  ];
  return (
    <div className="wb-page">
      <PageHead title={t("operator.room.collaborations")} note={<span className="wb-muted">{t("collab.disputes_note")}</span>} />
      <DataTable
        name="collab-disputes"
        columns={columns}
        rowKey={(row) => row.collab_no}
        pages={pages}
        rowTestId="collab-dispute"
        onOpen={(row) => setOpen(row.collab_no)}
        onRowClick={(row) => setOpen(row.collab_no)}
        empty={<EmptyList filtered={false} onReset={() => undefined} title={t("collab.no_disputes")} help={t("collab.no_disputes_help")} />}
        renderCard={(row) => (
          <button type="button" className="wb-card-button" onClick={() => setOpen(row.collab_no)}>
            <strong>
              {format.named({ name: row.shop_name, name_en: row.shop_name_en })} × {row.creator_name}
            </strong>
            <span>{held(row)}</span>
            <NextStep side="platform" waiting_for={row.waiting_for} due_at={row.due_at} />
          </button>
        )}
      />
      <RulesPanel />
      <DisputeDrawer number={open} onClose={() => setOpen(null)} />
    </div>
  );
}

function DisputeDrawer({ number, onClose }: { number: string | null; onClose: () => void }) {
  const { t } = useTranslation();
  const address = number ? `${PLATFORM}/${number}` : null;
  const found = useCollaboration(PLATFORM, address);
  const [deciding, setDeciding] = useState(false);
  const item = found.data;
  const verdict = item?.can.includes("verdict") && (
    <Button type="primary" onClick={() => setDeciding(true)} data-testid="collab-verdict">
      {t("collab.do.verdict")}
    </Button>
  );
  return (
    <Drawer open={number !== null} onClose={onClose} size={720} title={<span className="wb-mono">{number}</span>} footer={verdict}>
      {found.isPending && number && <Skeleton active paragraph={{ rows: 10 }} />}
      {found.isError && <ErrorView error={found.error} onRetry={() => void found.refetch()} />}
      {item && address && <CollabBody item={item} side="platform" address={address} />}
      {item && address && deciding && <VerdictDialog item={item} address={address} onClose={() => setDeciding(false)} />}
    </Drawer>
  );
}

function VerdictDialog({ item, address, onClose }: { item: CollaborationDetail; address: string; onClose: () => void }) {
  const { t } = useTranslation();
  const money = useMoney();
  const actions = useCollaborationActions(PLATFORM);
  const held = item.performance.held_minor;
  const [creator, setCreator] = useState(0);
  const [text, setText] = useState("");
  return (
    <AskDialog title={t("collab.do.verdict")} confirm={t("collab.do.verdict")} done={t("collab.done")} ready={text.trim() !== "" && creator <= held} onSend={async () => void (await actions.step(address, "verdict", { version: item.version, creator_minor: creator, text: text.trim() }))} onClose={onClose}>
      {(tried) => (
        <>
          <Form.Item label={t("collab.verdict.creator")} htmlFor="verdict-creator" extra={t("collab.verdict.shop", { amount: money(held - creator, item.currency) })}>
            <InputNumber id="verdict-creator" prefix="¥" min={0} max={held / 100} precision={2} value={creator / 100} onChange={(value) => setCreator(Math.round((value ?? 0) * 100))} data-testid="verdict-creator" style={{ width: 200 }} />
          </Form.Item>
          <Form.Item label={t("collab.verdict.text")} htmlFor="verdict-text" {...(tried && text.trim() === "" ? { validateStatus: "error" as const, help: t("collab.words_wrong") } : {})}>
            <Input.TextArea id="verdict-text" rows={4} maxLength={1000} value={text} onChange={(event) => setText(event.target.value)} />
          </Form.Item>
        </>
      )}
    </AskDialog>
  );
}
