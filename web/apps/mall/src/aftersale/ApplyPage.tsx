import type { AftersaleKind, AftersaleOptions } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { EmptyState, ErrorState, SkeletonRows } from "../kit/states";
import { Icon } from "../kit/Icon";
import { PageHead } from "../shell/PageHead";
import { useTitle } from "../shell/useTitle";
import "../orders/orders.css";
import { ApplyForm } from "./ApplyForm";
import { CaseMark } from "./CaseStatus";
import { useOptions } from "./queries";

/** Ask for after-sale of an order: first what one needs, then about what and why. */
export function ApplyPage() {
  const { t } = useTranslation();
  useTitle(t("aftersale.apply"));
  const orderNo = useParams().orderNo ?? "";
  const options = useOptions(orderNo);
  const [search, setSearch] = useSearchParams();
  const navigate = useNavigate();
  const kind = options.data?.kinds.find((each) => each.kind === search.get("kind") && each.why_not === null);
  return (
    <main className="page page-order">
      <PageHead title={kind ? t(`cases.kind.${kind.kind}`) : t("aftersale.apply")} />
      {options.isPending ? <SkeletonRows count={3} className="skeleton-block" /> : null}
      {options.isError ? <ErrorState error={options.error} onRetry={() => void options.refetch()} /> : null}
      {options.data && !kind ? <Kinds options={options.data} onPick={(picked) => setSearch({ kind: picked })} /> : null}
      {options.data && kind ? (
        <ApplyForm key={kind.kind} options={options.data} kind={kind} onDone={(caseNo) => void navigate(`/aftersales/${caseNo}`, { replace: true })} />
      ) : null}
    </main>
  );
}

function Kinds({ options, onPick }: { options: AftersaleOptions; onPick: (kind: string) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const possible = options.kinds.filter((each) => each.why_not === null);
  const others = options.kinds.filter((each) => each.why_not !== null);
  const open = options.cases.filter((item) => item.closed_at === null);
  const row = (each: AftersaleKind) => (
    <button key={each.kind} type="button" className="card kind-row" disabled={each.why_not !== null} onClick={() => onPick(each.kind)} data-testid={`kind-${each.kind}`}>
      <span>
        <b>{t(`cases.kind.${each.kind}`)}</b>
        <small>{each.why_not ? t(`aftersale.why_not.${each.why_not}`) : t(`cases.hint.${each.kind}`)}</small>
        {each.why_not === null && each.until ? <small className="muted">{t("aftersale.until", { time: format.dateTime(each.until) })}</small> : null}
      </span>
      {each.why_not === null ? <Icon name="forward" size={18} /> : null}
    </button>
  );
  return (
    <>
      {open.length > 0 ? (
        <section className="card">
          <h2>{t("aftersale.existing")}</h2>
          {open.map((item) => (
            <CaseMark key={item.case_no} item={item} />
          ))}
        </section>
      ) : null}
      <h2 className="apply-title">{t("aftersale.pick_kind")}</h2>
      {possible.length === 0 ? <EmptyState icon="shield" title={t("aftersale.none_possible")} /> : possible.map(row)}
      {others.map(row)}
    </>
  );
}
