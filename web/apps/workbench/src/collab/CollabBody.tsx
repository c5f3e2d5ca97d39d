import { useFormat, useTranslation } from "@xingqu/i18n";
import { Collapse, Descriptions, Progress, Tag } from "antd";
import { API_ROOT } from "../api/http";
import type { CollaborationDetail, Terms } from "./queries";
import { progress } from "./steps";
import { CollabTag, NextStep, Timeline, useMoney } from "./Words";

/** One collaboration: who must act, the terms, what it brought, the money, all that happened. */
export function CollabBody({ item, side, address }: { item: CollaborationDetail; side: "merchant" | "creator" | "platform"; address: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const money = useMoney();
  const brought = item.performance;
  const earlier = item.versions.slice(1);
  return (
    <>
      <p>
        <CollabTag state={item.state} /> <NextStep side={side} waiting_for={item.waiting_for} due_at={item.due_at} />
      </p>
      <p>
        <strong>{format.named({ name: item.shop_name, name_en: item.shop_name_en })}</strong> × <strong>{item.creator_name}</strong> <span className="wb-muted">@{item.creator_handle}</span>
      </p>
      <TermsView terms={item.terms} names={new Map(item.products.map((each) => [each.id, each.name]))} title={t("collab.version", { version: item.terms_version })} />
      {item.fee_shares && item.terms.slot_fee_minor > 0 && (
        <p className="wb-muted" data-testid="collab-fee-shares">
          {t(item.fee_shares.agency_name ? "collab.fee_shares.agency" : "collab.fee_shares.alone", {
            creator: money(item.fee_shares.creator_minor),
            agency: money(item.fee_shares.agency_minor),
            platform: money(item.fee_shares.platform_minor),
            name: item.fee_shares.agency_name,
          })}
        </p>
      )}
      {item.content_hash && (
        <p>
          <a href={`${API_ROOT}${address}/contract.pdf`} data-testid="collab-contract">
            {t("collab.contract")}
          </a>{" "}
          <small className="wb-muted wb-mono">SHA-256 {item.content_hash.slice(0, 16)}…</small>
        </p>
      )}
      {item.agreed_at && (
        <section className="wb-panel" aria-labelledby="collab-performance" data-testid="collab-performance">
          <h3 id="collab-performance">{t("collab.performance")}</h3>
          {brought.target_minor > 0 && (
            <>
              <Progress percent={progress(brought.settled_minor, brought.target_minor)} aria-label={t("collab.performance")} />
              <p className="wb-muted">{t("collab.progress", { settled: money(brought.settled_minor), target: money(brought.target_minor), earned: money(brought.earned_minor) })}</p>
            </>
          )}
          <Descriptions
            size="small"
            column={{ xs: 1, sm: 2 }}
            items={[
              { key: "orders", label: t("collab.figure.orders"), children: format.number(brought.orders) },
              { key: "gmv", label: t("collab.figure.gmv"), children: money(brought.gmv_minor) },
              { key: "settled", label: t("collab.figure.settled"), children: money(brought.settled_minor) },
              { key: "open", label: t("collab.figure.open"), children: money(brought.open_minor) },
              { key: "refunds", label: t("collab.figure.refunds"), children: `${money(brought.refunded_minor)} (${brought.refund_bp / 100}%)` },
              { key: "held", label: t("collab.figure.held"), children: money(brought.held_minor) },
              { key: "released", label: t("collab.figure.released"), children: money(item.released_minor) },
              { key: "returned", label: t("collab.figure.returned"), children: money(item.returned_minor) },
            ]}
          />
          <p>
            {t("collab.works", { done: item.works.filter((each) => each.kind === "content").length, works: item.terms.works, lives: item.works.filter((each) => each.kind === "live").length, planned: item.terms.lives })}{" "}
            {item.works.map((each) => (
              <a key={`${each.kind}${each.id}`} href={`/${each.kind === "live" ? "live" : "v"}/${each.id}`} target="_blank" rel="noopener">
                <Tag>
                  {t(`collab.proof.${each.kind}`)} {format.date(each.at)}
                </Tag>
              </a>
            ))}
          </p>
        </section>
      )}
      {earlier.length > 0 && (
        <Collapse
          ghost
          items={earlier.map((one) => ({ key: one.version, label: t("collab.version_by", { version: one.version, who: t(`collab.side.${one.by_side}`) }), children: <TermsView terms={one.terms} names={new Map(item.products.map((each) => [each.id, each.name]))} title="" /> }))}
        />
      )}
      <Timeline
        events={item.events}
        extra={(version) =>
          (item.events.find((event) => event.version === version)?.picture_ids ?? []).map((id) => (
            <a key={id} href={`${API_ROOT}${address}/pictures/${id}`} target="_blank" rel="noopener">
              <img src={`${API_ROOT}${address}/pictures/${id}`} alt={t("collab.evidence")} width={72} height={72} style={{ objectFit: "cover", marginRight: 8 }} />
            </a>
          ))
        }
      />
    </>
  );
}

function TermsView({ terms, names, title }: { terms: Terms; names: Map<number, string>; title: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const money = useMoney();
  const fee = terms.slot_fee_minor > 0;
  return (
    <Descriptions
      size="small"
      column={1}
      title={title}
      items={[
        { key: "products", label: t("collab.terms.products"), children: terms.product_ids.map((id) => names.get(id) ?? `#${id}`).join("、") },
        { key: "rate", label: t("collab.terms.commission_bp"), children: `${terms.commission_bp / 100}%` },
        { key: "days", label: t("collab.terms.days"), children: `${format.date(terms.starts_on)} – ${format.date(terms.ends_on)}` },
        { key: "fee", label: t("collab.terms.slot_fee_minor"), children: fee ? `${money(terms.slot_fee_minor)} · ${t(`collab.release.${terms.release_kind}`)} ${money(terms.target_minor)}` : t("collab.no_fee") },
        { key: "release", label: t("collab.terms.release_days"), children: terms.release_days.map((day) => format.date(day)).join("、") },
        { key: "works", label: t("collab.terms.works"), children: `${terms.works} / ${terms.lives}` },
        ...(terms.note ? [{ key: "note", label: t("collab.terms.note"), children: terms.note }] : []),
      ]}
    />
  );
}
