import { DeleteOutlined, StarOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { Button, Input, Popover, Space } from "antd";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { usePreference } from "../app/preferences";

interface SavedView {
  name: string;
  /** The filters as they stand in the address bar. */
  query: string;
}

/** Names for filter settings one comes back to; the address bar stays the truth. */
export function SavedViews({ list }: { list: string }) {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const [views, setViews] = usePreference<SavedView[]>(`views-${list}`, []);
  const [name, setName] = useState("");
  const [open, setOpen] = useState(false);
  const current = params.toString();
  const save = () => {
    const trimmed = name.trim();
    if (!trimmed) return;
    setViews([...views.filter((view) => view.name !== trimmed), { name: trimmed, query: current }]);
    setName("");
  };
  const content = (
    <div className="wb-saved-views">
      {views.map((view) => (
        <div key={view.name} className="wb-saved-view">
          <Button
            type={view.query === current ? "link" : "text"}
            onClick={() => {
              setParams(new URLSearchParams(view.query));
              setOpen(false);
            }}
          >
            {view.name}
          </Button>
          <Button
            type="text"
            icon={<DeleteOutlined />}
            aria-label={t("table.forget_view", { name: view.name })}
            onClick={() => setViews(views.filter((each) => each.name !== view.name))}
          />
        </div>
      ))}
      {views.length === 0 && <p className="wb-muted">{t("table.no_views")}</p>}
      <Space.Compact block>
        <Input
          value={name}
          maxLength={30}
          placeholder={t("table.view_name")}
          aria-label={t("table.view_name")}
          onChange={(event) => setName(event.target.value)}
          onPressEnter={save}
        />
        <Button type="primary" onClick={save} disabled={!name.trim()}>
          {t("actions.save")}
        </Button>
      </Space.Compact>
    </div>
  );
  return (
    <Popover content={content} trigger="click" open={open} onOpenChange={setOpen} placement="bottomRight" title={t("table.views")}>
      <Button icon={<StarOutlined />} aria-label={t("table.views")} />
    </Popover>
  );
}
