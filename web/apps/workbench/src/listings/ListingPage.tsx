import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiError } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Card, Image, Input, Skeleton, Space, Table, Tag } from "antd";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { get, post } from "../api/http";
import type { ListingDetail, ReviewedTexts } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { errorText } from "../app/errors";

const FIELDS = ["name", "category_id", "short_name", "brief", "brand", "unit", "attributes", "stated_tags", "promises", "detail_paragraphs"] as const;
type Field = (typeof FIELDS)[number];

/** One submitted product: what it would say, what it says now, and the decision with reasons by field. */
export default function ListingPage() {
  const { reviewId } = useParams();
  const review = useQuery({
    queryKey: ["listing", reviewId],
    queryFn: ({ signal }) => get<ListingDetail>(`/operator/listings/${reviewId}`, undefined, signal),
    staleTime: 0,
  });
  if (review.isPending) return <Skeleton active paragraph={{ rows: 12 }} className="wb-page" />;
  if (review.isError) return <ErrorView error={review.error} onRetry={() => void review.refetch()} />;
  return <Decision key={review.data.version} review={review.data} onStale={() => void review.refetch()} />;
}

function Decision({ review, onStale }: { review: ListingDetail; onStale: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [reasons, setReasons] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState<"approve" | "reject" | null>(null);
  const [refusal, setRefusal] = useState<unknown>(null);
  const written = Object.entries(reasons).filter(([, text]) => text.trim().length >= 2);
  const waiting = review.state === "waiting";
  const decide = async (action: "approve" | "reject") => {
    setBusy(action);
    setRefusal(null);
    try {
      const body = { version: review.version, ...(action === "reject" ? { reasons: Object.fromEntries(written) } : {}) };
      await post(`/operator/listings/${review.id}/${action}`, body);
      void message.success(t(action === "approve" ? "listings.approved" : "listings.rejected"));
      await client.invalidateQueries({ queryKey: ["listings"] });
      await navigate("/operator/listings");
    } catch (error) {
      if (error instanceof ApiError && error.code === "stale_version") {
        void message.warning(t("listings.stale"));
        onStale();
      } else setRefusal(error);
      setBusy(null);
    }
  };
  const reasonBox = (field: string, name: string) =>
    waiting && (
      <Input
        value={reasons[field] ?? ""}
        maxLength={200}
        placeholder={t("listings.reason")}
        aria-label={t("listings.reason_for", { field: name })}
        onChange={(event) => setReasons((current) => ({ ...current, [field]: event.target.value }))}
        data-testid={`reason-${field}`}
      />
    );
  return (
    <div className="wb-page wb-narrow">
      <PageHead
        title={review.name}
        back={<Link to="/operator/listings">{t("listings.back")}</Link>}
        note={
          <span className="wb-muted">
            {review.shop_name} · {t(review.is_edit ? "listings.edit" : "listings.new_product")} · {t("listings.submitted", { time: format.dateTime(review.submitted_at) })}
          </span>
        }
        actions={
          waiting && (
            <>
              <Button danger disabled={written.length === 0} loading={busy === "reject"} onClick={() => void decide("reject")} data-testid="listing-reject">
                {t("listings.reject", { count: written.length })}
              </Button>
              <Button type="primary" disabled={written.length > 0} loading={busy === "approve"} onClick={() => void decide("approve")} data-testid="listing-approve">
                {t("listings.approve")}
              </Button>
            </>
          )
        }
      />
      {!waiting && review.decided_at && (
        <Alert type="info" showIcon title={`${t(`listings.state.${review.state}`)} · ${t("listings.decided", { name: review.decided_by ?? "", time: format.dateTime(review.decided_at) })}`} />
      )}
      {review.is_edit && waiting && <Alert type="info" showIcon title={t("listings.edit_help")} />}
      {refusal !== null && <Alert type="error" showIcon title={errorText(t, refusal)} />}
      <p className="wb-muted">{t("listings.basis")}</p>
      {FIELDS.map((field) => (
        <FieldCard key={field} field={field} review={review}>
          {reasonBox(field, t(`products.field.${field}`))}
        </FieldCard>
      ))}
      <Card size="small" title={t("listings.pictures")} className="wb-section">
        {review.pictures.length === 0 && <span className="wb-muted">{t("listings.no_pictures")}</span>}
        <Image.PreviewGroup>
          <Space wrap>
            {review.pictures.map((picture, index) => (
              <Image key={picture.id} src={picture.url} width={96} alt={t("products.picture_number", { number: index + 1 })} />
            ))}
          </Space>
        </Image.PreviewGroup>
        {reasonBox("pictures", t("listings.pictures"))}
      </Card>
      <Card size="small" title={t("listings.skus")} className="wb-section">
        <Table
          size="small"
          rowKey="id"
          pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
          dataSource={review.skus}
          columns={[
            { title: t("products.combination"), dataIndex: "option_text", render: (text: string) => text || "—" },
            { title: t("products.field.price"), key: "price", render: (_, sku) => format.money(sku.price, true) },
            { title: t("products.field.list_price"), key: "list", render: (_, sku) => (sku.list_price ? format.money(sku.list_price, true) : "—") },
            { title: t("products.field.stock"), dataIndex: "on_hand" },
          ]}
        />
        {reasonBox("skus", t("listings.skus"))}
      </Card>
    </div>
  );
}

function FieldCard({ field, review, children }: { field: Field; review: ListingDetail; children: React.ReactNode }) {
  const { t } = useTranslation();
  const changed = review.changed_fields.includes(field);
  const reasons = review.reasons[field] ?? [];
  const text = useFieldText(field);
  return (
    <Card size="small" className="wb-section" title={<>{t(`products.field.${field}`)} {changed && <Tag color="processing">{t("listings.changed")}</Tag>}</>}>
      <p className="wb-prewrap">{text(review.proposed) || "—"}</p>
      {changed && review.current && (
        <p className="wb-muted wb-prewrap">
          {t("listings.now")}
          {text(review.current) || "—"}
        </p>
      )}
      {reasons.map((reason) => (
        <Alert key={reason.message} type="error" title={reason.message} />
      ))}
      {children}
    </Card>
  );
}

function useFieldText(field: Field): (texts: ReviewedTexts) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return (texts) => {
    switch (field) {
      case "category_id":
        return texts.category_path.map((node) => format.named(node)).join(" / ");
      case "attributes":
        return texts.attributes.map(([name, value]) => `${name}: ${value}`).join("\n");
      case "stated_tags":
        return texts.stated_tags.join(" · ");
      case "promises":
        return texts.promises.map((promise) => t(`products.promise.${promise}`, { defaultValue: promise })).join(" · ");
      case "detail_paragraphs":
        return texts.detail_paragraphs.join("\n\n");
      default:
        return texts[field];
    }
  };
}
