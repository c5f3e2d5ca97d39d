import { DeleteOutlined, HomeFilled, HomeOutlined, ShareAltOutlined, StarOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@xingqu/i18n";
import { App, Button, Checkbox, Input, Popover, Space, Tooltip } from "antd";
import { useEffect, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { get, patch, post, put, remove } from "../api/http";
import type { Page, SavedView, SavedViewTable } from "../api/types";
import { errorText } from "../app/errors";
import { useShop } from "../app/session";
import { openingQuery, viewQuery } from "./views";

interface SavedViewsProps {
  table: SavedViewTable;
  /** Names in the address that are of the moment and no filter. */
  transient?: readonly string[];
  /** What the address says before anybody filtered: a tab of the page. */
  plain?: string;
}

/** Names for filters one comes back to: one's own, shared with the shop, one to open with. The address bar stays the truth. */
export function SavedViews({ table, transient = [], plain = "" }: SavedViewsProps) {
  const { t } = useTranslation();
  const shop = useShop();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [params, setParams] = useSearchParams();
  const [open, setOpen] = useState(false);
  const key = ["views", shop.id, table];
  const root = `/shops/${shop.id}/views`;
  const views = useQuery({ queryKey: key, queryFn: ({ signal }) => get<Page<SavedView>>(root, { table }, signal), staleTime: 60_000 });
  const change = useMutation({
    mutationFn: (call: () => Promise<Page<SavedView> | undefined>) => call(),
    onSuccess: (list) => (list ? client.setQueryData(key, list) : client.invalidateQueries({ queryKey: key })),
    onError: (error) => void message.error(errorText(t, error)),
  });
  const current = viewQuery(params, transient);
  const items = views.data?.items;
  const decided = useRef(false);
  useEffect(() => {
    if (decided.current || !items) return;
    decided.current = true;
    // An address that somebody was sent or came back to says more than a habit.
    const first = params.toString() === plain ? openingQuery(current, plain, items) : null;
    if (first !== null) setParams(new URLSearchParams(first), { replace: true });
  }, [items, current, params, plain, setParams]);
  const row = (view: SavedView) => (
    <div key={view.id} className="wb-saved-view" data-testid="saved-view">
      <Button
        type={view.query === current ? "link" : "text"}
        onClick={() => {
          setParams(new URLSearchParams(view.query));
          setOpen(false);
        }}
      >
        <span className="wb-saved-view-name">{view.name}</span>
        {view.shared && <small className="wb-muted">{view.mine ? t("table.shared") : t("table.shared_by", { name: view.owner_name || t("table.who_left") })}</small>}
      </Button>
      <Space size={0}>
        <Tooltip title={t(view.is_default ? "table.default_off" : "table.default_on")}>
          <Button
            type="text"
            icon={view.is_default ? <HomeFilled /> : <HomeOutlined />}
            aria-label={t(view.is_default ? "table.default_off" : "table.default_on")}
            aria-pressed={view.is_default}
            onClick={() => change.mutate(() => put<Page<SavedView>>(`${root}/default`, { table, view_id: view.is_default ? null : view.id }))}
          />
        </Tooltip>
        {view.mine && (
          <Tooltip title={t(view.shared ? "table.unshare" : "table.share")}>
            <Button
              type="text"
              icon={<ShareAltOutlined />}
              aria-label={t(view.shared ? "table.unshare" : "table.share")}
              aria-pressed={view.shared}
              onClick={() => change.mutate(() => patch<Page<SavedView>>(`${root}/${view.id}`, { shared: !view.shared }))}
            />
          </Tooltip>
        )}
        {(view.mine || shop.permissions.includes("*") || shop.permissions.includes("members.write")) && (
          <Button type="text" icon={<DeleteOutlined />} aria-label={t("table.forget_view", { name: view.name })} onClick={() => change.mutate(() => remove<undefined>(`${root}/${view.id}`))} />
        )}
      </Space>
    </div>
  );
  const content = (
    <div className="wb-saved-views">
      {items?.map(row)}
      {items?.length === 0 && <p className="wb-muted">{t("table.no_views")}</p>}
      <SaveForm busy={change.isPending} onSave={(name, shared) => change.mutate(() => post<Page<SavedView>>(root, { table, name, query: current, shared }))} />
    </div>
  );
  return (
    <Popover content={content} trigger="click" open={open} onOpenChange={setOpen} placement="bottomRight" title={t("table.views")}>
      <Button icon={<StarOutlined />} aria-label={t("table.views")} data-testid="saved-views" />
    </Popover>
  );
}

function SaveForm({ busy, onSave }: { busy: boolean; onSave: (name: string, shared: boolean) => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const save = () => {
    if (!name.trim()) return;
    onSave(name.trim(), shared);
    setName("");
  };
  return (
    <>
      <Space.Compact block>
        <Input
          value={name}
          maxLength={30}
          placeholder={t("table.view_name")}
          aria-label={t("table.view_name")}
          onChange={(event) => setName(event.target.value)}
          onPressEnter={save}
          data-testid="view-name"
        />
        <Button type="primary" onClick={save} disabled={!name.trim()} loading={busy} data-testid="view-save">
          {t("actions.save")}
        </Button>
      </Space.Compact>
      <Checkbox checked={shared} onChange={(event) => setShared(event.target.checked)}>
        {t("table.share")}
      </Checkbox>
    </>
  );
}
