import { useTranslation } from "@xingqu/i18n";
import { Button, Card, Skeleton, Space } from "antd";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import "./aftersale.css";
import { CaseBody } from "./CaseBody";
import { DecisionForm } from "./DecisionForm";
import { StepDialog } from "./StepDialog";
import { PLATFORM_ROOT, useCase } from "./queries";
import { PLATFORM_STEPS, type PlatformStep, openSteps } from "./steps";

/** One dispute: what both sides said and showed, and beside it the decision with the rule it rests on. */
export default function DisputePage() {
  const { t } = useTranslation();
  const { caseNo } = useParams();
  const found = useCase(PLATFORM_ROOT, caseNo);
  const [step, setStep] = useState<PlatformStep | null>(null);
  const item = found.data;
  const steps = item ? openSteps(PLATFORM_STEPS, item.can, item.closed_at !== null) : [];
  const taken = item?.rounds.some((round) => !round.verdict && round.taken) ?? false;
  return (
    <div className="wb-page">
      <PageHead
        title={item ? `${t(`cases.kind.${item.kind}`)} · ${item.case_no}` : t("operator.room.disputes")}
        back={<Link to="/operator/disputes">{t("aftersale.back_to_disputes")}</Link>}
        actions={
          <Space wrap>
            {steps
              .filter((name) => name !== "take" || !taken)
              .map((name) => (
                <Button key={name} onClick={() => setStep(name)} data-testid={`step-${name}`}>
                  {t(`aftersale.do.${name}`)}
                </Button>
              ))}
          </Space>
        }
      />
      {found.isPending && <Skeleton active paragraph={{ rows: 10 }} className="wb-panel" />}
      {found.isError && <ErrorView error={found.error} onRetry={() => void found.refetch()} />}
      {item && (
        <div className="dispute-page">
          <Card>
            <CaseBody item={item} />
          </Card>
          {item.can.includes("decide_buyer") && <DecisionForm key={item.case_no} item={item} />}
        </div>
      )}
      {item && step && <StepDialog root={PLATFORM_ROOT} item={item} name={step} form={PLATFORM_STEPS[step]} onClose={() => setStep(null)} />}
    </div>
  );
}
