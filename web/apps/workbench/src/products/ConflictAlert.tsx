import { useQuery } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, Button, Space } from "antd";
import { get } from "../api/http";
import type { ProductEdit } from "../api/types";
import { fromProduct } from "./product-form";
import type { ProductEditor } from "./use-product-editor";

interface ConflictAlertProps {
  editor: ProductEditor;
  shopId: number;
  productId: number;
}

const COMPARED = ["name", "short_name", "brief", "brand", "unit", "category_id", "attributes", "stated_tags", "promises", "detail_paragraphs", "skus"] as const;

/** Someone else saved meanwhile: shows which fields differ and lets the person choose whose stay. */
export function ConflictAlert({ editor, shopId, productId }: ConflictAlertProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const theirs = useQuery({
    queryKey: ["product-conflict", shopId, productId],
    queryFn: () => get<ProductEdit>(`/shops/${shopId}/products/${productId}`),
    staleTime: 0,
    gcTime: 0,
  });
  const theirForm = theirs.data && fromProduct(theirs.data);
  const different = theirForm
    ? COMPARED.filter((field) => JSON.stringify(theirForm[field]) !== JSON.stringify(editor.form[field]))
    : [];
  return (
    <Alert
      type="warning"
      showIcon
      data-testid="product-conflict"
      title={t("products.conflict_title")}
      description={
        <>
          <p>
            {theirs.data && t("products.conflict_when", { time: format.dateTime(theirs.data.updated_at) })}{" "}
            {different.length > 0 &&
              t("products.conflict_fields", { fields: different.map((field) => t(`products.field.${field}`)).join(t("products.comma")) })}
          </p>
          <Space wrap>
            <Button
              disabled={!theirs.data}
              onClick={() => theirs.data && editor.takeTheirs(theirs.data)}
              data-testid="conflict-reload"
            >
              {t("products.take_theirs")}
            </Button>
            <Button
              type="primary"
              disabled={!theirs.data}
              onClick={() => theirs.data && editor.keepMine(theirs.data)}
              data-testid="conflict-keep"
            >
              {t("products.keep_mine")}
            </Button>
          </Space>
        </>
      }
    />
  );
}
