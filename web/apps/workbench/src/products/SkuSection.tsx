import { CloseOutlined, DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { Button, Card, Input, Tooltip } from "antd";
import { type ReactNode, useState } from "react";
import { moneyToInput, parseMoney } from "../format/money-input";
import { freshKey } from "./product-form";
import { type OptionDraft, OPTIONS_LIMIT, SKUS_LIMIT, type SkuDraft, checkOptions, fitMatrix, matrixSize, rowLabel } from "./sku-matrix";
import type { ProductEditor } from "./use-product-editor";

interface SkuSectionProps {
  editor: ProductEditor;
  reasons: Map<string, string>;
}

export function SkuSection({ editor, reasons }: SkuSectionProps) {
  const { t } = useTranslation();
  const { form, change } = editor;
  const setOptions = (options: OptionDraft[]) => {
    // Too large a matrix is told of but not built: it would freeze the page.
    const skus = matrixSize(options) > SKUS_LIMIT ? form.skus : fitMatrix(options, form.skus);
    change({ options, skus });
  };
  const reason = reasons.get("skus") ?? reasons.get("options");
  return (
    <Card title={t("products.section.skus")} className="wb-section">
      <p className="wb-muted">{t("products.help.options")}</p>
      {form.options.map((option, index) => (
        <OptionRow
          key={option.key}
          option={option}
          index={index}
          onChange={(next) => setOptions(form.options.map((each) => (each.key === option.key ? next : each)))}
          onRemove={() => setOptions(form.options.filter((each) => each.key !== option.key))}
        />
      ))}
      {form.options.length < OPTIONS_LIMIT && (
        <Button
          type="dashed"
          icon={<PlusOutlined />}
          data-testid="option-add"
          onClick={() => setOptions([...form.options, { key: freshKey(), name: "", values: [{ key: freshKey(), name: "" }] }])}
        >
          {t("products.add_option")}
        </Button>
      )}
      <OptionProblems options={form.options} />
      {reason && <p className="wb-reason">{reason}</p>}
      <Matrix editor={editor} reasons={reasons} />
    </Card>
  );
}

function OptionProblems({ options }: { options: OptionDraft[] }) {
  const { t } = useTranslation();
  const problems = checkOptions(options).filter((problem) => !problem.code.endsWith("_missing"));
  return problems.map((problem) => (
    <p className="wb-reason" key={JSON.stringify(problem)}>
      {t(`products.option_problem.${problem.code}`, { limit: SKUS_LIMIT, ...problem })}
    </p>
  ));
}

interface OptionRowProps {
  option: OptionDraft;
  index: number;
  onChange: (option: OptionDraft) => void;
  onRemove: () => void;
}

function OptionRow({ option, index, onChange, onRemove }: OptionRowProps) {
  const { t } = useTranslation();
  return (
    <div className="wb-option" role="group" aria-label={t("products.option_number", { number: index + 1 })}>
      <Input
        className="wb-option-name"
        value={option.name}
        maxLength={20}
        placeholder={t("products.option_name")}
        aria-label={t("products.option_name")}
        data-testid="option-name"
        onChange={(event) => onChange({ ...option, name: event.target.value })}
      />
      <div className="wb-option-values">
        {option.values.map((value, position) => (
          <Input
            key={value.key}
            className="wb-option-value"
            value={value.name}
            maxLength={40}
            placeholder={t("products.option_value")}
            aria-label={`${option.name} ${t("products.option_value")} ${position + 1}`}
            data-testid="option-value"
            onChange={(event) =>
              onChange({
                ...option,
                values: option.values.map((each) => (each.key === value.key ? { ...each, name: event.target.value } : each)),
              })
            }
            suffix={
              option.values.length > 1 && (
                <button
                  type="button"
                  className="wb-bare"
                  aria-label={t("products.remove_value", { name: value.name })}
                  onClick={() => onChange({ ...option, values: option.values.filter((each) => each.key !== value.key) })}
                >
                  <CloseOutlined />
                </button>
              )
            }
          />
        ))}
        <Button
          type="text"
          icon={<PlusOutlined />}
          data-testid="option-value-add"
          onClick={() => onChange({ ...option, values: [...option.values, { key: freshKey(), name: "" }] })}
        >
          {t("products.add_value")}
        </Button>
      </div>
      <Tooltip title={t("products.remove_option")}>
        <Button type="text" icon={<DeleteOutlined />} aria-label={t("products.remove_option")} onClick={onRemove} />
      </Tooltip>
    </div>
  );
}

type NumberField = "price" | "list_price" | "stock" | "code";

/** Price, list price, stock and code of each combination; the top row fills all at once. */
function Matrix({ editor, reasons }: SkuSectionProps) {
  const { t } = useTranslation();
  const { form, change } = editor;
  const set = (index: number, part: Partial<SkuDraft>) =>
    change({ skus: form.skus.map((row, each) => (each === index ? { ...row, ...part } : row)) });
  const many = form.skus.length > 1;
  const cell = (row: SkuDraft, index: number, name: NumberField): ReactNode => {
    const reason = reasons.get(`skus.${index}.${name}`);
    const money = name === "price" || name === "list_price";
    return (
      <td>
        <Input
          value={row[name]}
          status={reason ? "error" : ""}
          className={reason ? "wb-cell-error" : undefined}
          {...(money ? { prefix: "¥" } : {})}
          inputMode={money ? "decimal" : name === "stock" ? "numeric" : "text"}
          maxLength={name === "code" ? 40 : 16}
          data-testid={`sku-${name.replace("_", "-")}`}
          aria-label={`${t(`products.field.${name}`)} ${rowLabel(form.options, row)}`}
          onChange={(event) => set(index, { [name]: event.target.value })}
          onBlur={() => {
            const parsed = money ? parseMoney(row[name]) : null;
            if (parsed?.ok) set(index, { [name]: moneyToInput(parsed.amount_minor) });
          }}
        />
        {reason && <small className="wb-reason">{reason}</small>}
      </td>
    );
  };
  return (
    <div className="wb-matrix">
      {many && <FillAll onFill={(name, value) => change({ skus: form.skus.map((row) => ({ ...row, [name]: value })) })} />}
      <table>
        <thead>
          <tr>
            {many && <th>{t("products.combination")}</th>}
            <th>{t("products.field.price")} *</th>
            <th>{t("products.field.list_price")}</th>
            <th>{t("products.field.stock")} *</th>
            <th>{t("products.field.code")}</th>
          </tr>
        </thead>
        <tbody>
          {form.skus.map((row, index) => (
            <tr key={row.value_keys.join("-") || "single"} data-testid="sku-row">
              {many && <th scope="row">{rowLabel(form.options, row)}</th>}
              {cell(row, index, "price")}
              {cell(row, index, "list_price")}
              {cell(row, index, "stock")}
              {cell(row, index, "code")}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function FillAll({ onFill }: { onFill: (name: "price" | "list_price" | "stock", value: string) => void }) {
  const { t } = useTranslation();
  const [price, setPrice] = useState("");
  const [stock, setStock] = useState("");
  return (
    <div className="wb-fill">
      <span className="wb-muted">{t("products.fill_all")}</span>
      <Input prefix="¥" value={price} inputMode="decimal" aria-label={t("products.field.price")} placeholder={t("products.field.price")} onChange={(event) => setPrice(event.target.value)} />
      <Input value={stock} inputMode="numeric" aria-label={t("products.field.stock")} placeholder={t("products.field.stock")} onChange={(event) => setStock(event.target.value)} />
      <Button
        disabled={price.trim() === "" && stock.trim() === ""}
        data-testid="fill-all"
        onClick={() => {
          if (price.trim()) onFill("price", price);
          if (stock.trim()) onFill("stock", stock);
        }}
      >
        {t("products.fill")}
      </Button>
    </div>
  );
}
