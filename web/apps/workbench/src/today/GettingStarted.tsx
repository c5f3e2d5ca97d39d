import { CheckCircleFilled } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { Button } from "antd";
import { Link } from "react-router";
import { useShop } from "../app/session";
import { useShopState } from "../onboarding/queries";
import { useRowCount, useWorkCounts } from "./queries";

/** From an empty shop to the first sale; leaves the page once product and content stand. */
export function GettingStarted() {
  const { t } = useTranslation();
  const shop = useShop();
  const products = useRowCount(shop.id, "products");
  const onSale = useRowCount(shop.id, "products", "on_sale");
  const works = useWorkCounts(shop.id);
  const papers = useShopState(shop.id);
  const isManager = shop.role === "owner" || shop.role === "manager";
  if (papers.data === undefined || products.data === undefined || works.data === undefined || onSale.data === undefined) return null;
  const steps = [
    { code: "product", done: products.data > 0, to: "products/new" },
    { code: "papers", done: papers.data.state === "approved", to: "qualification" },
    { code: "on_sale", done: onSale.data > 0, to: "products" },
    { code: "content", done: Object.keys(works.data).length > 0, to: "content/new" },
  ];
  const next = steps.find((step) => !step.done);
  if (!next) return null;
  return (
    <section className="wb-panel wb-start" data-testid="getting-started" aria-labelledby="start-title">
      <h2 id="start-title">{t("today.start.title")}</h2>
      <ol className="wb-plain-list">
        {steps.map((step, index) => (
          <li key={step.code} className={step.done ? "wb-step wb-step-done" : "wb-step"}>
            <span className="wb-step-mark" aria-hidden>
              {step.done ? <CheckCircleFilled /> : index + 1}
            </span>
            <span className="wb-step-words">
              <strong>{t(`today.start.${step.code}`)}</strong>
              <small className="wb-muted">{t(step.code === "papers" ? `onboarding.state.${papers.data.state}` : `today.start.${step.code}_help`)}</small>
            </span>
            {(step === next || (step.code === "papers" && !step.done)) && (step.code !== "papers" || isManager) && (
              <Link to={`/shops/${shop.id}/${step.to}`}>
                <Button type={step === next ? "primary" : "default"}>{t(`today.start.${step.code}_action`)}</Button>
              </Link>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
