import type { AftersaleDetail } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Link, useParams } from "react-router";
import { Picture, Price } from "../kit/basics";
import { Icon } from "../kit/Icon";
import { ErrorState, SkeletonRows } from "../kit/states";
import { showToast } from "../kit/toast";
import { PageHead } from "../shell/PageHead";
import { useTitle } from "../shell/useTitle";
import "../orders/orders.css";
import { CaseActions } from "./CaseActions";
import { CaseLine, CaseProgress, CaseState } from "./CaseStatus";
import { CaseTimeline } from "./CaseTimeline";
import { useCase } from "./queries";

/** One case: what is happening, what the buyer can do, what was agreed, and all that was said. */
export function CasePage() {
  const { t } = useTranslation();
  const caseNo = useParams().caseNo ?? "";
  const found = useCase(caseNo);
  useTitle(t("aftersale.case"));
  return (
    <main className="page page-order">
      <PageHead title={t("aftersale.case")} />
      {found.isPending ? <SkeletonRows count={3} className="skeleton-block" /> : null}
      {found.isError ? <ErrorState error={found.error} onRetry={() => void found.refetch()} /> : null}
      {found.data ? <Detail item={found.data} /> : null}
    </main>
  );
}

function Detail({ item }: { item: AftersaleDetail }) {
  const { t } = useTranslation();
  return (
    <div data-testid="case-detail" data-state={item.state} data-version={item.version}>
      <section className="card order-hero">
        <CaseState state={item.state} />
        <CaseLine item={item} />
        <CaseProgress item={item} />
        {item.instant ? <p className="case-note">{t("aftersale.instant")}</p> : null}
        {item.refusal && (item.state === "refused" || item.state === "handling") ? (
          <p className="case-note case-note-bad">{t("aftersale.refused_because", { reason: t(`cases.refusal.${item.refusal}`) })}</p>
        ) : null}
        <CaseActions item={item} />
      </section>
      {item.state === "buyer_return" && item.return_address ? <ReturnTo item={item} /> : null}
      {item.rounds.filter((round) => round.verdict).map((round) => (
        <section key={round.opened_at} className="card" data-testid="case-verdict">
          <h2>{t(`cases.verdict.${round.verdict}`)}</h2>
          <p>{round.opinion}</p>
          {round.clause_text ? <blockquote className="case-clause">{round.clause_text}</blockquote> : null}
          {round.fault ? <p className="muted">{t(`cases.fault.${round.fault}`)}</p> : null}
        </section>
      ))}
      <Asked item={item} />
      {item.parcels.map((parcel) => (
        <section key={parcel.id} className="card" data-testid="case-parcel">
          <p className="parcel">
            <Icon name="truck" size={20} />
            <b>{t(`cases.parcel.${parcel.kind}`)}</b> {parcel.carrier_name} {parcel.tracking_no}
          </p>
        </section>
      ))}
      <CaseTimeline events={item.timeline} />
    </div>
  );
}

function ReturnTo({ item }: { item: AftersaleDetail }) {
  const { t } = useTranslation();
  const address = item.return_address;
  if (!address) return null;
  const text = `${address.recipient} ${address.phone} ${address.region} ${address.detail}`;
  return (
    <section className="card address-card" data-testid="return-address">
      <Icon name="place" />
      <div>
        <b>{t("aftersale.send_to")}</b>
        <p>
          {address.recipient} {address.phone}
          <br />
          {address.region} {address.detail}
        </p>
        <p className="muted">{t(`aftersale.freight.${item.freight_payer ?? "buyer"}`)}</p>
      </div>
      <button
        type="button"
        className="text-button"
        onClick={() => {
          void navigator.clipboard.writeText(text).then(() => showToast(t("orders.copied")));
        }}
      >
        {t("orders.copy")}
      </button>
    </section>
  );
}

function Asked({ item }: { item: AftersaleDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className="card">
      <ul>
        {item.lines.map((line) => (
          <li key={line.line_id}>
            <Link className="order-line" to={`/product/${line.product_id}`}>
              <Picture url={line.picture_url} alt="" className="line-picture" />
              <span className="order-line-text">
                <span className="cart-line-name">{line.name}</span>
                {line.option_text ? <span className="option-text">{line.option_text}</span> : null}
              </span>
              <span className="muted">×{line.quantity}</span>
            </Link>
          </li>
        ))}
      </ul>
      <dl className="sum">
        <Row name={t("aftersale.kind")} value={t(`cases.kind.${item.kind}`)} />
        <Row name={t("aftersale.reason")} value={t(`cases.reason.${item.reason}`)} />
        {item.pays_back ? <Row name={t("aftersale.asked")} value={format.money(item.asked, true)} /> : null}
        {item.offered ? <Row name={t("aftersale.offered")} value={format.money(item.offered, true)} /> : null}
        {item.agreed ? (
          <div className="sum-total">
            <dt>{t("aftersale.agreed")}</dt>
            <dd>
              <Price money={item.agreed} />
            </dd>
          </div>
        ) : null}
        {item.fault ? <Row name={t("aftersale.fault")} value={t(`cases.fault.${item.fault}`)} /> : null}
        <Row name={t("aftersale.number")} value={item.case_no} />
        <Row name={t("aftersale.asked_at")} value={format.dateTime(item.opened_at)} />
      </dl>
      <Link className="text-button" to={`/orders/${item.order_no}`}>
        {t("aftersale.to_order")}
      </Link>
    </section>
  );
}

function Row({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
