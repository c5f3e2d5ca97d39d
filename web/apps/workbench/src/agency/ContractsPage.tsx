import { useQueryClient } from "@tanstack/react-query";
import type { components } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, Checkbox, DatePicker, Form, Input, InputNumber, Space, Tag } from "antd";
import { useState } from "react";
import { parseRate, rateText } from "../alliance/rates";
import { get, post, put } from "../api/http";
import type { Page } from "../api/types";
import { Field, FieldGroup } from "../app/Field";
import { errorText } from "../app/errors";
import { PageHead } from "../app/PageHead";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { AskDialog } from "../funds/dialogs";
import { type DataColumn, DataTable } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { usePages } from "../table/use-pages";

type Contract = components["schemas"]["ContractOut"];
type Side = "agency" | "creator";

export const SCOPES = ["content.read", "content.write", "alliance.read", "alliance.write", "earnings.read"] as const;
const COLOUR = { invited: "processing", active: "success", ended: "default", declined: "default", revoked: "default" } as const;

/** An agency's creators: offers, contracts, what each brought. */
export function SignedCreatorsPage() {
  return <Contracts side="agency" />;
}

/** A creator's agencies: offers to answer, the contract in force, rights and notice. */
export function AgenciesPage() {
  return <Contracts side="creator" />;
}

type Asked = { kind: "offer" } | { kind: "share" | "scopes" | "notice"; contract: Contract } | null;

function Contracts({ side }: { side: Side }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { message, modal } = App.useApp();
  const shop = useShop();
  const client = useQueryClient();
  const room = side === "agency" ? "creators" : "agencies";
  const base = `/shops/${shop.id}/${side === "agency" ? "signed-creators" : "agencies"}`;
  const key = ["agency-contracts", shop.id];
  const editable = mayEdit(shop.permissions, room);
  const pages = usePages<Contract>(key, (cursor, signal) => get<Page<Contract>>(base, { cursor }, signal));
  const [asked, setAsked] = useState<Asked>(null);
  const done = () => client.invalidateQueries({ queryKey: key });
  const act = (path: string, body: unknown) =>
    post(path, body).then(done, (error: unknown) => {
      void message.error(errorText(t, error));
      return done();
    });
  const money = (amount_minor: number) => format.money({ amount_minor, currency: "CNY" }, true);
  const who = (row: Contract) => (side === "agency" ? `${row.creator?.display_name ?? ""} @${row.creator?.handle ?? row.creator_id}` : row.agency_name);
  const waiting = (row: Contract) => row.shares.find((share) => share.state === "waiting" && row.state === "active");
  const state = (row: Contract) => (
    <Space size={4} wrap>
      <Tag color={COLOUR[row.state]}>{t(`agency.state.${row.state}`)}</Tag>
      {row.state === "active" && row.until && <Tag color="warning">{t("agency.ends", { when: format.dateTime(row.until) })}</Tag>}
    </Space>
  );
  const share = (row: Contract) => {
    const proposed = waiting(row);
    return (
      <>
        <strong>{rateText(row.share_bp)}</strong>
        {proposed && <div className="wb-muted">{t("agency.proposed", { rate: rateText(proposed.share_bp), when: format.dateTime(proposed.effective_from) })}</div>}
      </>
    );
  };
  const confirm = (row: Contract, accept: boolean) =>
    void modal.confirm({
      title: t(accept ? "agency.accept_title" : "agency.decline_title"),
      content: accept ? t("agency.accept_help", { rate: rateText(row.share_bp), scopes: scopeText(t, row.scopes), days: row.notice_days }) : undefined,
      okText: t(accept ? "agency.accept" : "agency.decline"),
      cancelText: t("actions.cancel"),
      onOk: () => act(`${base}/${row.id}/answer`, { accept }),
    });
  const buttons = (row: Contract) => {
    if (!editable) return null;
    const proposed = waiting(row);
    return (
      <Space size={4} wrap>
        {row.state === "invited" && side === "creator" && (
          <Button size="small" type="primary" onClick={() => confirm(row, true)} data-testid="contract-accept">
            {t("agency.accept")}
          </Button>
        )}
        {row.state === "invited" && (
          <Button size="small" onClick={() => confirm(row, false)}>
            {t(side === "agency" ? "agency.take_back" : "agency.decline")}
          </Button>
        )}
        {proposed && proposed.proposed_by !== side && (
          <Button size="small" type="primary" onClick={() => void act(`${base}/${row.id}/shares/${proposed.id}/answer`, { accept: true })}>
            {t("agency.accept_share")}
          </Button>
        )}
        {proposed && (
          <Button size="small" onClick={() => void act(`${base}/${row.id}/shares/${proposed.id}/answer`, { accept: false })}>
            {t(proposed.proposed_by === side ? "agency.take_back" : "agency.decline")}
          </Button>
        )}
        {row.state === "active" && (
          <>
            <Button size="small" onClick={() => setAsked({ kind: "share", contract: row })}>
              {t("agency.change_share")}
            </Button>
            {side === "creator" && (
              <Button size="small" onClick={() => setAsked({ kind: "scopes", contract: row })} data-testid="contract-scopes">
                {t("agency.rights")}
              </Button>
            )}
            {row.until === null && (
              <Button size="small" danger type="text" onClick={() => setAsked({ kind: "notice", contract: row })}>
                {t("agency.give_notice")}
              </Button>
            )}
          </>
        )}
      </Space>
    );
  };
  const columns: DataColumn<Contract>[] = [
    { key: "who", title: t(`agency.who.${side}`), width: 150, fixed: "left", render: who },
    { key: "state", title: t("alliance.column.state"), width: 110, render: state },
    { key: "share", title: t("agency.share"), width: 110, render: share },
    { key: "rights", title: t("agency.rights"), width: 170, render: (row) => scopeText(t, row.scopes) },
    { key: "orders", title: t("agency.orders"), width: 70, align: "right", render: (row) => format.number(row.orders) },
    { key: "estimated", title: t("agency.estimated"), width: 110, align: "right", render: (row) => money(row.estimated_minor) },
    { key: "settled", title: t("agency.settled"), width: 110, align: "right", render: (row) => money(row.settled_minor) },
    { key: "since", title: t("agency.since"), width: 120, render: (row) => (row.since ? format.dateTime(row.since) : "–") },
    { key: "do", title: t("table.actions"), width: 200, render: buttons },
  ];
  const action =
    side === "agency" && editable ? (
      <Button type="primary" onClick={() => setAsked({ kind: "offer" })} data-testid="contract-offer">
        {t("agency.offer")}
      </Button>
    ) : null;
  return (
    <div className="wb-page">
      <PageHead title={t(`rooms.${room}`)} note={t(`agency.note.${side}`)} actions={action} />
      <DataTable
        name={`contracts-${side}`}
        columns={columns}
        rowKey={(row) => row.id}
        pages={pages}
        rowTestId="contract"
        empty={<EmptyList filtered={false} onReset={() => undefined} title={t(`agency.none.${side}`)} help={t(`agency.none_help.${side}`)} action={action} />}
        renderCard={(row) => (
          <>
            <div>
              {who(row)} {state(row)}
            </div>
            <div>
              {t("agency.share")} {share(row)} · {scopeText(t, row.scopes)}
            </div>
            {row.message && <div className="wb-muted">{row.message}</div>}
            <div>{buttons(row)}</div>
          </>
        )}
      />
      {asked?.kind === "offer" && <OfferDialog base={base} onDone={done} onClose={() => setAsked(null)} />}
      {asked?.kind === "share" && <ShareDialog path={`${base}/${asked.contract.id}/shares`} current={asked.contract.share_bp} onDone={done} onClose={() => setAsked(null)} />}
      {asked?.kind === "scopes" && <ScopesDialog path={`${base}/${asked.contract.id}/scopes`} contract={asked.contract} onDone={done} onClose={() => setAsked(null)} />}
      {asked?.kind === "notice" && <NoticeDialog path={`${base}/${asked.contract.id}/notice`} days={asked.contract.notice_days} onDone={done} onClose={() => setAsked(null)} />}
    </div>
  );
}

type Translate = ReturnType<typeof useTranslation>["t"];

function scopeText(t: Translate, scopes: readonly string[]): string {
  return scopes.length ? scopes.map((scope) => t(`agency.scope.${scope.replace(".", "_")}`)).join(" · ") : t("agency.no_rights");
}

function Rights({ value, onChange }: { value: string[]; onChange: (next: string[]) => void }) {
  const { t } = useTranslation();
  return (
    <FieldGroup label={t("agency.rights")} extra={t("agency.rights_help")}>
      <Checkbox.Group value={value} onChange={onChange} options={SCOPES.map((scope) => ({ value: scope, label: t(`agency.scope.${scope.replace(".", "_")}`) }))} />
    </FieldGroup>
  );
}

function ShareField({ typed, onChange, wrong }: { typed: string; onChange: (typed: string) => void; wrong: boolean }) {
  const { t } = useTranslation();
  const rate = parseRate(typed);
  const example = rate === null ? "" : t("agency.example", { agency: (rate / 100).toFixed(2), creator: (100 - rate / 100).toFixed(2) });
  return (
    <Form.Item label={t("agency.share_field")} htmlFor="contract-share" extra={example} {...(wrong ? { validateStatus: "error" as const, help: t("agency.wrong_share") } : {})}>
      <Input id="contract-share" suffix="%" inputMode="decimal" maxLength={6} value={typed} onChange={(event) => onChange(event.target.value)} data-testid="contract-share" />
    </Form.Item>
  );
}

function OfferDialog({ base, onDone, onClose }: { base: string; onDone: () => Promise<unknown>; onClose: () => void }) {
  const { t } = useTranslation();
  const [handle, setHandle] = useState("");
  const [typed, setTyped] = useState("");
  const [days, setDays] = useState(30);
  const [scopes, setScopes] = useState<string[]>(["content.read", "alliance.read", "earnings.read"]);
  const [text, setText] = useState("");
  const share = parseRate(typed);
  const send = async () => {
    await post(base, { handle, share_bp: share, notice_days: days, scopes, message: text });
    await onDone();
  };
  return (
    <AskDialog title={t("agency.offer")} confirm={t("agency.send_offer")} done={t("agency.offered")} ready={share !== null && handle.trim() !== ""} onSend={send} onClose={onClose}>
      {(tried) => (
        <>
          <Form.Item label={t("agency.handle")} htmlFor="contract-handle" {...(tried && handle.trim() === "" ? { validateStatus: "error" as const, help: t("agency.wrong_handle") } : {})}>
            <Input id="contract-handle" prefix="@" maxLength={40} value={handle} onChange={(event) => setHandle(event.target.value)} data-testid="contract-handle" />
          </Form.Item>
          <ShareField typed={typed} onChange={setTyped} wrong={tried && share === null} />
          <Form.Item label={t("agency.notice_days")} htmlFor="contract-days">
            <InputNumber id="contract-days" min={0} max={90} value={days} onChange={(next) => setDays(next ?? 0)} />
          </Form.Item>
          <Rights value={scopes} onChange={setScopes} />
          <Form.Item label={t("agency.message")} htmlFor="contract-message">
            <Input.TextArea id="contract-message" rows={2} maxLength={400} value={text} onChange={(event) => setText(event.target.value)} />
          </Form.Item>
        </>
      )}
    </AskDialog>
  );
}

function ShareDialog({ path, current, onDone, onClose }: { path: string; current: number; onDone: () => Promise<unknown>; onClose: () => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(String(current / 100));
  const [when, setWhen] = useState<string | null>(null);
  const share = parseRate(typed);
  const send = async () => {
    await post(path, { share_bp: share, effective_from: when });
    await onDone();
  };
  return (
    <AskDialog title={t("agency.change_share")} confirm={t("agency.propose")} done={t("agency.proposal_sent")} ready={share !== null && when !== null} onSend={send} onClose={onClose}>
      {(tried) => (
        <>
          <ShareField typed={typed} onChange={setTyped} wrong={tried && share === null} />
          <Field label={t("agency.from")} {...(tried && when === null ? { validateStatus: "error" as const, help: t("agency.wrong_from") } : {})}>
            <DatePicker showTime onChange={(chosen) => setWhen(chosen ? chosen.toISOString() : null)} />
          </Field>
          <p className="wb-muted">{t("agency.propose_help")}</p>
        </>
      )}
    </AskDialog>
  );
}

function ScopesDialog({ path, contract, onDone, onClose }: { path: string; contract: Contract; onDone: () => Promise<unknown>; onClose: () => void }) {
  const { t } = useTranslation();
  const [scopes, setScopes] = useState<string[]>(contract.scopes);
  const send = async () => {
    await put(path, { scopes });
    await onDone();
  };
  return (
    <AskDialog title={t("agency.rights_title", { agency: contract.agency_name })} confirm={t("actions.save")} done={t("agency.saved")} ready onSend={send} onClose={onClose}>
      {() => <Rights value={scopes} onChange={setScopes} />}
    </AskDialog>
  );
}

function NoticeDialog({ path, days, onDone, onClose }: { path: string; days: number; onDone: () => Promise<unknown>; onClose: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const send = async () => {
    await post(path, { reason });
    await onDone();
  };
  return (
    <AskDialog title={t("agency.give_notice")} confirm={t("agency.give_notice")} done={t("agency.notice_given")} ready onSend={send} onClose={onClose}>
      {() => (
        <>
          <p>{t("agency.notice_help", { days })}</p>
          <Input aria-label={t("agency.reason")} placeholder={t("agency.reason")} maxLength={120} value={reason} onChange={(event) => setReason(event.target.value)} />
        </>
      )}
    </AskDialog>
  );
}
