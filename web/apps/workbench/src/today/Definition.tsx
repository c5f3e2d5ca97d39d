import { QuestionCircleOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { Button, Popover } from "antd";

/** How a figure is defined, behind a question mark. */
export function Definition({ code }: { code: string }) {
  const { t } = useTranslation();
  const name = t(`today.figure.${code}`);
  return (
    <Popover title={name} content={<div className="wb-popover">{t(`today.definition.${code}`)}</div>} trigger={["hover", "click"]}>
      <Button type="text" size="small" shape="circle" icon={<QuestionCircleOutlined />} aria-label={t("today.definition_of", { name })} data-testid={`definition-${code}`} />
    </Popover>
  );
}
