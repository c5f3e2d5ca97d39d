import { SettingOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { Button, Segmented, Skeleton } from "antd";
import { useState } from "react";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { Pager } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { SearchBox } from "../table/SearchBox";
import { type FilterSchema, countActive } from "../table/url-filters";
import { usePages } from "../table/use-pages";
import { useUrlFilters } from "../table/use-url-filters";
import { CommentRow } from "./CommentRow";
import { RulesDrawer } from "./RulesDrawer";
import { commentsPage } from "./queries";

const STATES = ["all", "unanswered", "shown", "hidden"] as const;
const FILTERS = {
  q: { type: "text" },
  state: { type: "choice", choices: STATES, default: "all" },
  content: { type: "id" },
} as const satisfies FilterSchema;

/** Comments below all works: answer, pin, hide, delete, block. */
export default function CommentsPage() {
  const { t } = useTranslation();
  const shop = useShop();
  const { values, change, reset } = useUrlFilters(FILTERS);
  const [rules, setRules] = useState(false);
  const editable = mayEdit(shop.permissions, "comments");
  const query = { q: values.q, state: values.state ?? "all", content_id: values.content };
  const pages = usePages(["comments", shop.id, query], commentsPage(shop.id, query));
  return (
    <div className="wb-page wb-narrow">
      <PageHead
        title={t("rooms.comments")}
        actions={
          <Button icon={<SettingOutlined />} onClick={() => setRules(true)} data-testid="comment-rules">
            {t("comments.rules")}
          </Button>
        }
      />
      <div className="wb-filters">
        <SearchBox value={values.q} onChange={(q) => change({ q })} placeholder={t("comments.search")} />
        <Segmented value={values.state ?? "all"} onChange={(state) => change({ state })} options={STATES.map((state) => ({ value: state, label: t(`comments.state.${state}`) }))} />
      </div>
      {pages.query.isPending && <Skeleton active paragraph={{ rows: 8 }} className="wb-panel" />}
      {pages.query.isError && <ErrorView error={pages.query.error} onRetry={() => void pages.query.refetch()} />}
      {pages.query.isSuccess && pages.rows.length === 0 && (
        <div className="wb-panel">
          <EmptyList filtered={countActive(FILTERS, values) > 0} onReset={reset} title={t("comments.empty")} help={t("comments.empty_help")} />
        </div>
      )}
      {pages.rows.length > 0 && (
        <ul className="wb-plain-list wb-panel">
          {pages.rows.map((comment) => (
            <CommentRow key={comment.id} comment={comment} editable={editable} />
          ))}
        </ul>
      )}
      <Pager pages={pages} />
      {rules && <RulesDrawer editable={editable} onClose={() => setRules(false)} />}
    </div>
  );
}
