import { useTranslation } from "@xingqu/i18n";
import { Button, Drawer, Skeleton, Space } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { ErrorView } from "../app/ErrorView";
import { useShop } from "../app/session";
import "./aftersale.css";
import { CaseBody } from "./CaseBody";
import { shopRoot, useCase } from "./queries";
import { StepDialog } from "./StepDialog";
import { SHOP_STEPS, type ShopStep, openSteps } from "./steps";

/** Everything about one case beside the desk, with what the shop can do now. */
export function CaseDrawer({ caseNo, editable, onClose }: { caseNo: string | undefined; editable: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const shop = useShop();
  const root = shopRoot(shop.id);
  const found = useCase(root, caseNo);
  const [step, setStep] = useState<ShopStep | null>(null);
  const item = found.data;
  const steps = item && editable ? openSteps(SHOP_STEPS, item.can, item.closed_at !== null) : [];
  return (
    <Drawer
      open={Boolean(caseNo)}
      onClose={onClose}
      size={620}
      title={<span className="wb-mono">{caseNo}</span>}
      data-testid="case-drawer"
      extra={item && <Link to={`/shops/${shop.id}/orders?order=${item.order_no}`}>{t("aftersale.to_order")}</Link>}
      footer={
        steps.length > 0 && (
          <Space wrap>
            {steps.map((name) => {
              const form = SHOP_STEPS[name];
              const tone = "tone" in form ? form.tone : undefined;
              return (
                <Button key={name} type={tone === "primary" ? "primary" : "default"} danger={tone === "danger"} onClick={() => setStep(name)} data-testid={`step-${name}`}>
                  {t(`aftersale.do.${name}`)}
                </Button>
              );
            })}
          </Space>
        )
      }
    >
      {found.isPending && caseNo && <Skeleton active paragraph={{ rows: 10 }} />}
      {found.isError && <ErrorView error={found.error} onRetry={() => void found.refetch()} />}
      {item && <CaseBody item={item} />}
      {item && step && <StepDialog root={root} item={item} name={step} form={SHOP_STEPS[step]} onClose={() => setStep(null)} />}
    </Drawer>
  );
}
