import { AimOutlined, DeleteOutlined } from "@ant-design/icons";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Input, Select, Tooltip } from "antd";
import { useDeferredValue, useState } from "react";
import { useShop } from "../app/session";
import { Thumb } from "../products/Thumb";
import { type AnchorProduct, useProductsToAnchor } from "./anchor-products";
import { ANCHORS_LIMIT, type AnchorDraft, clipTimeToInput, parseClipTime } from "./work-form";

interface AnchorEditorProps {
  anchors: AnchorDraft[];
  timed: boolean;
  position_ms: number;
  reasons: Map<string, string>;
  onChange: (anchors: AnchorDraft[]) => void;
}

/** The products hung on a work: what, under which words, from which moment of the clip. */
export function AnchorEditor({ anchors, timed, position_ms, reasons, onChange }: AnchorEditorProps) {
  const set = (productId: number, part: Partial<AnchorDraft>) =>
    onChange(anchors.map((anchor) => (anchor.product_id === productId ? { ...anchor, ...part } : anchor)));
  return (
    <div className="wb-anchors">
      {anchors.map((anchor, index) => (
        <AnchorRow
          key={anchor.product_id}
          anchor={anchor}
          timed={timed}
          position_ms={position_ms}
          reason={reasons.get(`anchors.${index}.show_from_ms`) ?? reasons.get(`anchors.${index}.show_until_ms`) ?? reasons.get(`anchors.${index}.product_id`) ?? reasons.get(`anchors.${index}.label`)}
          onChange={(part) => set(anchor.product_id, part)}
          onRemove={() => onChange(anchors.filter((each) => each.product_id !== anchor.product_id))}
        />
      ))}
      {anchors.length < ANCHORS_LIMIT && (
        <ProductPicker
          taken={anchors.map((anchor) => anchor.product_id)}
          onPick={(product) =>
            onChange([
              ...anchors,
              {
                product_id: product.id,
                name: product.short_name || product.name,
                picture_url: product.picture_url,
                price: product.price,
                label: "",
                show_from_ms: timed && anchors.length > 0 ? position_ms : null,
                show_until_ms: null,
              },
            ])
          }
        />
      )}
    </div>
  );
}

interface AnchorRowProps {
  anchor: AnchorDraft;
  timed: boolean;
  position_ms: number;
  reason: string | undefined;
  onChange: (part: Partial<AnchorDraft>) => void;
  onRemove: () => void;
}

function AnchorRow({ anchor, timed, position_ms, reason, onChange, onRemove }: AnchorRowProps) {
  const { t } = useTranslation();
  return (
    <div className="wb-anchor" data-testid="anchor">
      <Thumb url={anchor.picture_url} size={40} />
      <div className="wb-anchor-words">
        <span className="wb-clip">{anchor.name}</span>
        <div className="wb-anchor-fields">
          <Input
            size="small"
            value={anchor.label}
            maxLength={40}
            placeholder={t("content.anchor_label")}
            aria-label={t("content.anchor_label")}
            onChange={(event) => onChange({ label: event.target.value })}
          />
          {timed && (
            <>
              <TimeField value={anchor.show_from_ms} place="from" position_ms={position_ms} wrong={reason !== undefined} onChange={(show_from_ms) => onChange({ show_from_ms })} />
              <TimeField value={anchor.show_until_ms} place="until" position_ms={position_ms} wrong={reason !== undefined} onChange={(show_until_ms) => onChange({ show_until_ms })} />
            </>
          )}
        </div>
        {reason && <small className="wb-reason">{reason}</small>}
      </div>
      <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t("content.remove_anchor", { name: anchor.name })} onClick={onRemove} />
    </div>
  );
}

interface TimeFieldProps {
  value: number | null;
  place: "from" | "until";
  position_ms: number;
  wrong: boolean;
  onChange: (value: number | null) => void;
}

/** A moment of the clip, typed or taken from the preview; empty for its end of the clip. */
function TimeField({ value, place, position_ms, wrong, onChange }: TimeFieldProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | null>(null);
  const unreadable = typed !== null && typed.trim() !== "" && parseClipTime(typed) === null;
  return (
    <>
      <Input
        size="small"
        className="wb-anchor-time"
        value={typed ?? (value === null ? "" : clipTimeToInput(value))}
        status={unreadable || wrong ? "error" : ""}
        placeholder={t(place === "from" ? "content.from_start" : "content.to_end")}
        aria-label={t(place === "from" ? "content.show_from" : "content.show_until")}
        data-testid={place === "from" ? "anchor-time" : "anchor-until"}
        onChange={(event) => {
          setTyped(event.target.value);
          const parsed = event.target.value.trim() === "" ? null : parseClipTime(event.target.value);
          if (event.target.value.trim() === "" || parsed !== null) onChange(parsed);
        }}
        onBlur={() => setTyped(null)}
      />
      <Tooltip title={t("content.use_position")}>
        <Button
          size="small"
          icon={<AimOutlined />}
          aria-label={t("content.use_position")}
          data-testid={place === "from" ? "anchor-now" : "anchor-until-now"}
          onClick={() => {
            setTyped(null);
            onChange(Math.round(position_ms));
          }}
        />
      </Tooltip>
    </>
  );
}

function ProductPicker({ taken, onPick }: { taken: number[]; onPick: (product: AnchorProduct) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const [query, setQuery] = useState("");
  const deferred = useDeferredValue(query.trim());
  const products = useProductsToAnchor(deferred);
  const rows = products.rows.filter((product) => !taken.includes(product.id));
  return (
    <Select<number>
      className="wb-full"
      data-testid="anchor-add"
      value={null}
      showSearch={{ filterOption: false, onSearch: setQuery, searchValue: query }}
      loading={products.isFetching}
      placeholder={t("content.add_anchor")}
      aria-label={t("content.add_anchor")}
      notFoundContent={products.isFetching ? t("loading") : t(shop.kind === "merchant" ? "content.no_products" : "content.no_taken_products")}
      onChange={(id) => {
        const product = rows.find((row) => row.id === id);
        if (product) onPick(product);
        setQuery("");
      }}
      options={rows.map((product) => ({
        value: product.id,
        label: (
          <span className="wb-line">
            <Thumb url={product.picture_url} size={28} />
            <span className="wb-clip">{product.name}</span>
            <span className="wb-number">{product.price ? format.money(product.price) : ""}</span>
          </span>
        ),
      }))}
    />
  );
}
