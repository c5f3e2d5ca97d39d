import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Card, Empty, Form, Input, Skeleton } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { errorText } from "../app/errors";
import { useOpenLookup, useSearchPeople } from "./queries";

interface Asked {
  query: string;
  reason: string;
}

/** Find one person; nothing is shown without a reason, and both are written down. */
export default function PeoplePage() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const format = useFormat();
  const navigate = useNavigate();
  const search = useSearchPeople();
  const open = useOpenLookup();
  const [reason, setReason] = useState("");
  const show = (actorKey: string) =>
    open
      .mutateAsync({ actor_key: actorKey, reason })
      .then((lookup) => navigate(`/operator/people/${lookup.id}`))
      .catch((error: unknown) => message.error(errorText(t, error)));
  const ask = ({ query, reason: why }: Asked) => {
    setReason(why.trim());
    search.mutate({ query: query.trim(), reason: why.trim() });
  };
  return (
    <div className="wb-page wb-narrow">
      <PageHead title={t("operator.people.title")} note={t("operator.people.note")} />
      <Alert type="info" showIcon title={t("operator.people.audited")} />
      <Card className="wb-section">
        <Form<Asked> layout="vertical" onFinish={ask} requiredMark={false}>
          <Form.Item name="query" label={t("operator.people.query")} extra={t("operator.people.query_help")} rules={[{ required: true, whitespace: true, message: t("operator.people.query_missing") }]}>
            <Input maxLength={120} autoComplete="off" data-testid="people-query" />
          </Form.Item>
          <Form.Item name="reason" label={t("operator.people.reason")} extra={t("operator.people.reason_help")} rules={[{ required: true, whitespace: true, min: 5, message: t("operator.people.reason_missing") }]}>
            <Input maxLength={120} data-testid="people-reason" />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={search.isPending} data-testid="people-search">
            {t("operator.people.search")}
          </Button>
        </Form>
      </Card>
      <div aria-live="polite">
        {search.isPending && <Skeleton active paragraph={{ rows: 3 }} aria-label={t("loading")} />}
        {search.isError && <ErrorView error={search.error} />}
        {search.isSuccess && search.data.items.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("operator.people.none")} data-testid="people-none" />}
        {search.isSuccess && search.data.items.length > 0 && (
          <Card className="wb-section" title={t("operator.people.found", { count: search.data.items.length })}>
            <ul className="wb-people">
              {search.data.items.map((person) => (
                <li key={person.actor_key}>
                  <span>
                    <strong>{person.display_name || t("operator.people.unnamed", { key: person.actor_key })}</strong>
                    <small className="wb-muted">{[person.email, person.joined_at && t("operator.people.joined", { date: format.date(person.joined_at) })].filter(Boolean).join(" · ")}</small>
                  </span>
                  <Button onClick={() => void show(person.actor_key)} loading={open.isPending && open.variables.actor_key === person.actor_key} data-testid="people-open">
                    {t("operator.people.open")}
                  </Button>
                </li>
              ))}
            </ul>
          </Card>
        )}
      </div>
    </div>
  );
}
