import { useFormat, useTranslation } from "@xingqu/i18n";
import { Progress, type TableColumnType } from "antd";
import { useState } from "react";
import type { OfferedCoupon } from "../api/types";
import { CouponDialog } from "./CouponDialog";
import { ProgrammeList } from "./ProgrammeList";
import { StateActions, StateTag } from "./StateActions";
import { useProgrammeActions, useProgrammes } from "./queries";

/** Coupons of a shop ("/shops/7") or of the platform ("/platform"), with what became of them. */
export function CouponsPanel({ base, editable }: { base: string; editable: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const coupons = useProgrammes(base, "coupons");
  const actions = useProgrammeActions(base, "coupons");
  const [creating, setCreating] = useState(false);
  const terms = (row: OfferedCoupon) => {
    const off = row.kind === "fixed" ? t("marketing.off", { sum: format.money(row.discount) }) : t("marketing.off", { sum: format.percent(row.rate_bp / 10_000) });
    const from = row.threshold.amount_minor > 0 ? t("marketing.from", { sum: format.money(row.threshold) }) : t("marketing.any_sum");
    return row.cap ? `${from} ${off} · ${t("marketing.at_most", { sum: format.money(row.cap) })}` : `${from} ${off}`;
  };
  const columns: TableColumnType<OfferedCoupon>[] = [
    { key: "name", title: t("marketing.column.name"), render: (_, row) => <strong>{row.name}</strong> },
    { key: "terms", title: t("marketing.column.terms"), render: (_, row) => terms(row) },
    { key: "audience", title: t("marketing.column.audience"), render: (_, row) => t(`marketing.audience.${row.audience}`) },
    {
      key: "claimed",
      title: t("marketing.column.claimed"),
      width: 150,
      render: (_, row) => (
        <>
          {format.number(row.claimed)} / {format.number(row.stock)}
          <Progress percent={(row.claimed / row.stock) * 100} showInfo={false} size="small" aria-label={t("marketing.column.claimed")} />
        </>
      ),
    },
    { key: "used", title: t("marketing.column.used"), align: "right", render: (_, row) => format.number(row.used) },
    { key: "cost", title: t("marketing.column.cost"), align: "right", render: (_, row) => <span className="wb-number">{format.money(row.cost, true)}</span> },
    { key: "until", title: t("marketing.column.claim_until"), render: (_, row) => format.dateTime(row.claim_until) },
    { key: "state", title: t("marketing.column.state"), render: (_, row) => <StateTag state={row.state} /> },
    ...(editable
      ? [{ key: "do", title: t("table.actions"), render: (_: unknown, row: OfferedCoupon) => <StateActions state={row.state} onChange={(state) => actions.change(row.id, state)} /> }]
      : []),
  ];
  return (
    <>
      <ProgrammeList kind="coupons" file={base === "/platform" ? undefined : `${base}/coupons`} query={coupons} columns={columns} onCreate={editable ? () => setCreating(true) : null} />
      {creating && <CouponDialog platform={base === "/platform"} onCreate={actions.create} onClose={() => setCreating(false)} />}
    </>
  );
}
