import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Card, Descriptions, Empty, Tag } from "antd";
import { useState } from "react";
import type { PersonState } from "../api/types";
import { Bars } from "../charts/Bars";
import { type Briefs, ContentLine, briefsOf } from "./contents";
import { visitsOf } from "./visits";

const FEW = 12;

/** What is remembered of a person: interests at three horizons, what they did lately, what they return to. */
export function StateView({ person }: { person: PersonState }) {
  const { t } = useTranslation();
  const format = useFormat();
  const briefs = briefsOf(person.contents);
  if (!person.known) return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("operator.state.nothing")} data-testid="state-nothing" />;
  return (
    <>
      <Card className="wb-section">
        <Descriptions
          column={{ xs: 1, sm: 2, lg: 4 }}
          items={[
            { key: "events", label: t("operator.state.events_total"), children: format.number(person.events_total) },
            { key: "seen", label: t("operator.state.seen_total"), children: format.number(person.seen_total) },
            {
              key: "price",
              label: t("operator.state.usual_price"),
              children: person.usual_price_minor === null ? t("operator.state.unknown") : format.money({ amount_minor: person.usual_price_minor, currency: "CNY" }),
            },
            { key: "bytes", label: t("operator.state.size"), children: t("operator.state.size_value", { size: format.number(Math.round(person.state_bytes / 102.4) / 10) }) },
          ]}
        />
      </Card>
      <div className="wb-pair">
        <Interests person={person} />
        <Recent person={person} briefs={briefs} />
      </div>
      <div className="wb-pair">
        <Clusters person={person} />
        <Creators person={person} />
      </div>
      <div className="wb-pair">
        <Contents title={t("operator.state.seen")} rows={person.seen} briefs={briefs} />
        <Contents title={t("operator.state.hidden")} rows={person.hidden} briefs={briefs} />
      </div>
    </>
  );
}

function Interests({ person }: { person: PersonState }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [all, setAll] = useState(false);
  const shown = all ? person.tags : person.tags.slice(0, FEW);
  const names = (["instant", "mid", "long_term"] as const).map((horizon) => t(`operator.horizon.${horizon}`));
  return (
    <Card className="wb-section" title={t("operator.state.interests")} data-testid="state-interests">
      <p className="wb-muted">{t("operator.state.interests_help")}</p>
      {shown.length === 0 && <p>{t("operator.state.none")}</p>}
      <Bars
        title={t("operator.state.interests")}
        names={names}
        most={1}
        bars={shown.map((tag) => ({
          key: String(tag.tag_id),
          label: (
            <>
              {format.named(tag)} {tag.pinned && <Tag>{t("operator.state.pinned")}</Tag>}
              {tag.blocked && <Tag color="error">{t("operator.state.blocked")}</Tag>}
            </>
          ),
          values: [tag.instant, tag.mid, tag.long_term],
          words: [tag.instant, tag.mid, tag.long_term].map((weight) => format.percent(weight)).join(" / "),
        }))}
      />
      {person.tags.length > FEW && !all && (
        <Button type="link" onClick={() => setAll(true)}>
          {t("operator.state.more", { count: person.tags.length - FEW })}
        </Button>
      )}
    </Card>
  );
}

function Recent({ person, briefs }: { person: PersonState; briefs: Briefs }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [all, setAll] = useState(false);
  const visits = visitsOf(person.events);
  const shown = all ? visits : visits.slice(0, FEW);
  return (
    <Card className="wb-section" title={t("operator.state.recent")} data-testid="state-recent">
      <p className="wb-muted">{t("operator.state.recent_help", { count: person.event_capacity })}</p>
      {shown.length === 0 && <p>{t("operator.state.none")}</p>}
      <ol className="wb-timeline">
        {shown.map((visit) => (
          <li key={`${visit.contentId}:${visit.at}`}>
            <time dateTime={visit.at} className="wb-muted">
              {format.dateTime(visit.at)}
            </time>
            {visit.contentId > 0 && <ContentLine id={visit.contentId} briefs={briefs} />}
            <span>
              {visit.events.map((event) => (
                <Tag key={`${event.kind}:${event.at}`} color={event.good === null ? "default" : event.good ? "success" : "warning"}>
                  {t(`operator.signal.${event.kind}`)}
                  {event.seconds !== null && ` ${t("operator.seconds", { seconds: format.number(event.seconds) })}`}
                </Tag>
              ))}
            </span>
          </li>
        ))}
      </ol>
      {visits.length > FEW && !all && (
        <Button type="link" onClick={() => setAll(true)}>
          {t("operator.state.more", { count: visits.length - FEW })}
        </Button>
      )}
    </Card>
  );
}

function Clusters({ person }: { person: PersonState }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Card className="wb-section" title={t("operator.state.clusters")}>
      <p className="wb-muted">{t("operator.state.clusters_help")}</p>
      {person.clusters.length === 0 && <p>{t("operator.state.none")}</p>}
      <Bars
        title={t("operator.state.clusters")}
        names={[t("operator.state.liked"), t("operator.state.shown")]}
        bars={person.clusters.map((cluster) => ({
          key: String(cluster.cluster_id),
          label: cluster.tags.map((tag) => format.named(tag)).join(" · ") || t("operator.state.cluster", { id: cluster.cluster_id }),
          values: [cluster.liked, cluster.shown],
          words: t("operator.state.cluster_words", { liked: format.number(cluster.liked), shown: format.number(cluster.shown), days: cluster.days }),
        }))}
      />
    </Card>
  );
}

function Creators({ person }: { person: PersonState }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Card className="wb-section" title={t("operator.state.creators")}>
      {person.creators.length === 0 && <p>{t("operator.state.none")}</p>}
      <Bars
        title={t("operator.state.creators")}
        names={[t("operator.state.intensity")]}
        most={1}
        bars={person.creators.map((creator) => ({
          key: String(creator.creator_id),
          label: (
            <>
              {format.displayName(creator) || creator.creator_id} {creator.followed && <Tag>{t("operator.state.followed")}</Tag>}
              {creator.blocked && <Tag color="error">{t("operator.state.blocked")}</Tag>}
            </>
          ),
          values: [Math.abs(creator.intensity)],
          words: format.percent(creator.intensity),
        }))}
      />
    </Card>
  );
}

function Contents({ title, rows, briefs }: { title: string; rows: PersonState["seen"]; briefs: Briefs }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Card className="wb-section" title={title}>
      {rows.length === 0 && <p>{t("operator.state.none")}</p>}
      <ol className="wb-timeline">
        {rows.slice(0, FEW).map((row) => (
          <li key={row.content_id}>
            <time dateTime={row.at} className="wb-muted">
              {format.dateTime(row.at)}
            </time>
            <ContentLine id={row.content_id} briefs={briefs} />
          </li>
        ))}
      </ol>
    </Card>
  );
}
