import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { Button, Card, Input } from "antd";
import { moved } from "./ordering";
import type { ProductEditor } from "./use-product-editor";

const PARAGRAPHS_LIMIT = 60;

export function DetailSection({ editor, reasons }: { editor: ProductEditor; reasons: Map<string, string> }) {
  const { t } = useTranslation();
  const paragraphs = editor.form.detail_paragraphs;
  const set = (detail_paragraphs: string[]) => editor.change({ detail_paragraphs });
  const reason = reasons.get("detail_paragraphs");
  return (
    <Card title={t("products.section.detail")} className="wb-section">
      <p className="wb-muted">{t("products.help.detail")}</p>
      {reason && <p className="wb-reason">{reason}</p>}
      {paragraphs.map((text, index) => (
        // Paragraphs have no identity of their own: their place is what they are.
        // oxlint-disable-next-line react/no-array-index-key
        <div className="wb-paragraph" key={index}>
          <div className="wb-paragraph-words">
            <Input.TextArea
            value={text}
            autoSize={{ minRows: 2, maxRows: 10 }}
            maxLength={1000}
            status={reasons.has(`detail_paragraphs.${index}`) ? "error" : ""}
            aria-label={t("products.paragraph", { number: index + 1 })}
            onChange={(event) => set(paragraphs.map((each, position) => (position === index ? event.target.value : each)))}
            />
            {reasons.get(`detail_paragraphs.${index}`) && <small className="wb-reason">{reasons.get(`detail_paragraphs.${index}`)}</small>}
          </div>
          <span className="wb-paragraph-tools">
            <Button
              type="text"
              size="small"
              icon={<ArrowUpOutlined />}
              aria-label={t("products.move_up")}
              disabled={index === 0}
              onClick={() => set(moved(paragraphs, index, index - 1))}
            />
            <Button
              type="text"
              size="small"
              icon={<ArrowDownOutlined />}
              aria-label={t("products.move_down")}
              disabled={index === paragraphs.length - 1}
              onClick={() => set(moved(paragraphs, index, index + 1))}
            />
            <Button
              type="text"
              size="small"
              icon={<DeleteOutlined />}
              aria-label={t("actions.delete")}
              onClick={() => set(paragraphs.filter((_, position) => position !== index))}
            />
          </span>
        </div>
      ))}
      <Button type="dashed" block icon={<PlusOutlined />} disabled={paragraphs.length >= PARAGRAPHS_LIMIT} onClick={() => set([...paragraphs, ""])}>
        {t("products.add_paragraph")}
      </Button>
    </Card>
  );
}
