import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Card, Empty, Skeleton, Table, Tag } from "antd";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { useLookups } from "./queries";

/** Who looked for whom and why. */
export default function LookupsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const lookups = useLookups();
  const whom = (key: string) => (key.startsWith("p") ? t("operator.lookups.person", { id: key.slice(1) }) : t("operator.lookups.guest", { key }));
  const rows = lookups.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="wb-page">
      <PageHead title={t("operator.lookups.title")} note={t("operator.lookups.note")} />
      {lookups.isPending && <Skeleton active paragraph={{ rows: 8 }} aria-label={t("loading")} />}
      {lookups.isError && <ErrorView error={lookups.error} onRetry={() => void lookups.refetch()} />}
      {lookups.isSuccess && rows.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("operator.lookups.none")} />}
      {rows.length > 0 && (
        <Card className="wb-section">
          <Table
            size="small"
            rowKey="id"
            dataSource={rows}
            pagination={false}
            scroll={{ x: "max-content" }}
            columns={[
              { key: "at", title: t("operator.column.when"), render: (_, row) => format.dateTime(row.at) },
              { key: "who", title: t("operator.column.operator"), dataIndex: "operator" },
              { key: "what", title: t("operator.column.what"), render: (_, row) => <Tag>{t(`operator.lookups.what.${row.what}`)}</Tag> },
              { key: "whom", title: t("operator.column.whom"), render: (_, row) => row.query || whom(row.actor_key) },
              { key: "reason", title: t("operator.people.reason"), dataIndex: "reason" },
            ]}
          />
          {lookups.hasNextPage && (
            <Button type="link" onClick={() => void lookups.fetchNextPage()} loading={lookups.isFetchingNextPage}>
              {t("operator.lookups.more")}
            </Button>
          )}
        </Card>
      )}
    </div>
  );
}
