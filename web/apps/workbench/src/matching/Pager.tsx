import { LeftOutlined, RightOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { Button } from "antd";

interface PagerProps {
  pages: { goNext: (() => void) | null; goBack: (() => void) | null; pageNumber: number };
}

/** Back and forth through the pages of a list of cards. */
export function Pager({ pages }: PagerProps) {
  const { t } = useTranslation();
  if (!pages.goNext && !pages.goBack) return null;
  return (
    <nav className="wb-filters" aria-label={t("matching.pages")}>
      <Button icon={<LeftOutlined />} disabled={!pages.goBack} onClick={() => pages.goBack?.()} aria-label={t("matching.former")} />
      <span className="wb-number">{pages.pageNumber}</span>
      <Button icon={<RightOutlined />} disabled={!pages.goNext} onClick={() => pages.goNext?.()} aria-label={t("matching.next")} data-testid="cards-next" />
    </nav>
  );
}
