import { useFormat, useTranslation } from "@xingqu/i18n";
import { Cascader } from "antd";
import { useMemo } from "react";
import type { Category } from "../api/types";
import { useCategories } from "./queries";

interface Node {
  value: number;
  label: string;
  children?: Node[];
}

function chainTo(nodes: readonly Category[], id: number): number[] {
  for (const node of nodes) {
    if (node.id === id) return [node.id];
    const chain = chainTo(node.children ?? [], id);
    if (chain.length > 0) return [node.id, ...chain];
  }
  return [];
}

interface CategoryPickerProps {
  id?: string;
  value: number | null | undefined;
  onChange: (categoryId: number | undefined) => void;
  /** A filter may stop at any level; a product hangs on a leaf. */
  anyLevel?: boolean;
  status?: "error" | "";
  className?: string;
}

export function CategoryPicker({ id, value, onChange, anyLevel = false, status = "", className }: CategoryPickerProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const categories = useCategories();
  const options = useMemo(() => {
    const toNode = (category: Category): Node => ({
      value: category.id,
      label: format.named(category),
      ...(category.children?.length ? { children: category.children.map(toNode) } : {}),
    });
    return (categories.data ?? []).map(toNode);
  }, [categories.data, format]);
  return (
    <Cascader
      {...(id ? { id } : {})}
      {...(className ? { className } : {})}
      data-testid="category-picker"
      options={options}
      value={value ? chainTo(categories.data ?? [], value) : []}
      onChange={(chain) => onChange(chain?.at(-1) as number | undefined)}
      changeOnSelect={anyLevel}
      allowClear={anyLevel}
      loading={categories.isPending}
      status={status}
      showSearch={{ filter: (typed, path) => path.some((node) => String(node.label).toLowerCase().includes(typed.toLowerCase())) }}
      placeholder={t("products.pick_category")}
      aria-label={t("products.field.category")}
    />
  );
}
