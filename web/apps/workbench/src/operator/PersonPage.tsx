import { useFormat, useTranslation } from "@xingqu/i18n";
import { Skeleton, Tabs, Tag } from "antd";
import { Link, useParams, useSearchParams } from "react-router";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { NextPage } from "./NextPage";
import { StateView } from "./StateView";
import { usePersonState } from "./queries";

/** One person as the engine sees them: what is remembered, and what it would serve next. */
export default function PersonPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const lookupId = Number(useParams().lookupId);
  const [search, setSearch] = useSearchParams();
  const person = usePersonState(lookupId);
  if (person.isPending) {
    return (
      <div className="wb-page">
        <Skeleton active paragraph={{ rows: 10 }} aria-label={t("loading")} />
      </div>
    );
  }
  if (person.isError) {
    return (
      <div className="wb-page">
        <ErrorView error={person.error} onRetry={() => void person.refetch()} />
        <p className="wb-muted wb-centred">
          {t("operator.person.closed")} <Link to="/operator/people">{t("operator.person.back")}</Link>
        </p>
      </div>
    );
  }
  const { lookup } = person.data;
  return (
    <div className="wb-page">
      <PageHead
        title={lookup.display_name || t("operator.people.unnamed", { key: lookup.actor_key })}
        back={<Link to="/operator/people">← {t("operator.person.back")}</Link>}
        note={
          <>
            {t("operator.person.reason", { reason: lookup.reason, until: format.dateTime(lookup.open_until) })}{" "}
            <Tag color={person.data.personalised ? "success" : "warning"}>{t(person.data.personalised ? "operator.person.on" : "operator.person.off")}</Tag>
          </>
        }
      />
      <Tabs
        activeKey={search.get("view") ?? "state"}
        onChange={(view) => setSearch({ view }, { replace: true })}
        destroyOnHidden
        items={[
          { key: "state", label: <span data-testid="tab-state">{t("operator.person.state")}</span>, children: <StateView person={person.data} /> },
          { key: "page", label: <span data-testid="tab-page">{t("operator.person.page")}</span>, children: <NextPage lookupId={lookupId} /> },
        ]}
      />
    </div>
  );
}
