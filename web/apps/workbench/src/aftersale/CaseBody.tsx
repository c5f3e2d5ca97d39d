import { useFormat, useTranslation } from "@xingqu/i18n";
import { Descriptions, Image, Space, Steps, Timeline } from "antd";
import type { AfterSaleDetail } from "../api/types";
import { Thumb } from "../products/Thumb";
import { CaseNext, CaseStateTag } from "./CaseWords";

/** All of a case: what is happening, what was asked, parcels, verdicts, and what both sides said and showed. */
export function CaseBody({ item }: { item: AfterSaleDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const here = item.path.indexOf(item.state);
  return (
    <div className="wb-order" data-testid="case-body" data-state={item.state}>
      <section className="wb-order-now">
        <CaseStateTag state={item.state} />
        <CaseNext item={item} />
      </section>
      {(here >= 0 || item.state === "success") && (
        <Steps size="small" type="dot" current={here < 0 ? item.path.length : here} items={item.path.map((state) => ({ title: t(`cases.state.${state}`) }))} className="case-steps" />
      )}
      <section>
        {item.lines.map((line) => (
          <div key={line.line_id} className="wb-line wb-line-large">
            <Thumb url={line.picture_url} size={52} />
            <div className="wb-line-words">
              <span>{line.name}</span>
              <small className="wb-muted">{line.option_text}</small>
            </div>
            <span className="wb-number">
              {format.money(line.unit_price)} × {line.quantity}
            </span>
          </div>
        ))}
        <Asked item={item} />
      </section>
      {item.return_address && (
        <section>
          <h2>{t("aftersale.return_address")}</h2>
          <p>
            {item.return_address.recipient} {item.return_address.phone}
            <br />
            {item.return_address.region} {item.return_address.detail}
          </p>
        </section>
      )}
      {item.parcels.map((parcel) => (
        <section key={parcel.id}>
          <h2>{t(`cases.parcel.${parcel.kind}`)}</h2>
          <p>
            {format.named({ name: parcel.carrier_name, name_en: parcel.carrier_name_en })} <span className="wb-mono">{parcel.tracking_no}</span>
            {parcel.delivered_at && <small className="wb-muted"> {t("aftersale.delivered", { time: format.dateTime(parcel.delivered_at) })}</small>}
          </p>
        </section>
      ))}
      <Verdicts item={item} />
      <Story item={item} />
    </div>
  );
}

function Asked({ item }: { item: AfterSaleDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const rows = [
    [t("aftersale.kind"), t(`cases.kind.${item.kind}`)],
    [t("aftersale.reason"), t(`cases.reason.${item.reason}`)],
    ...(item.pays_back ? [[t("aftersale.asked"), format.money(item.asked, true)]] : []),
    ...(item.pays_back ? [[t("aftersale.most"), format.money(item.max, true)]] : []),
    ...(item.offered ? [[t("aftersale.offered"), format.money(item.offered, true)]] : []),
    ...(item.agreed ? [[t("aftersale.agreed"), format.money(item.agreed, true)]] : []),
    ...(item.freight_payer ? [[t("aftersale.freight"), t(`cases.side.${item.freight_payer}`)]] : []),
    ...(item.fault ? [[t("aftersale.fault"), t(`cases.fault.${item.fault}`)]] : []),
    ...(item.instant ? [[t("aftersale.instant"), t("aftersale.instant_yes")]] : []),
    [t("aftersale.buyer"), item.buyer_name],
    [t("aftersale.order"), item.order_no],
    [t("aftersale.opened"), format.dateTime(item.opened_at)],
  ];
  return <Descriptions size="small" column={1} items={rows.map(([label, children]) => ({ key: String(label), label, children }))} />;
}

function Verdicts({ item }: { item: AfterSaleDetail }) {
  const { t } = useTranslation();
  return item.rounds
    .filter((round) => round.verdict)
    .map((round) => (
      <section key={round.opened_at} data-testid="case-verdict">
        <h2>{t(`cases.verdict.${round.verdict}`)}</h2>
        <p>{round.opinion}</p>
        <blockquote className="case-clause">{round.clause_text}</blockquote>
        {round.fault && <p className="wb-muted">{t(`cases.fault.${round.fault}`)}</p>}
      </section>
    ));
}

function Story({ item }: { item: AfterSaleDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section>
      <h2>{t("aftersale.story")}</h2>
      <Timeline
        items={[...item.timeline].reverse().map((event) => ({
          key: event.version,
          content: (
            <div className="wb-stack">
              <strong>
                {t(`cases.side.${event.side ?? "system"}`)} · {t(`cases.step.${event.step}`)}
              </strong>
              {typeof event.data.reason === "string" && <span>{t(`cases.refusal.${event.data.reason}`)}</span>}
              {event.text && <span className="case-words">{event.text}</span>}
              {event.pictures.length > 0 && (
                <Image.PreviewGroup>
                  <Space wrap>
                    {event.pictures.map((picture, index) => (
                      <Image key={picture.id} src={picture.url} width={72} height={72} alt={t("aftersale.picture", { number: index + 1 })} className="case-picture" />
                    ))}
                  </Space>
                </Image.PreviewGroup>
              )}
              <small className="wb-muted">{format.dateTime(event.at)}</small>
            </div>
          ),
        }))}
      />
    </section>
  );
}
